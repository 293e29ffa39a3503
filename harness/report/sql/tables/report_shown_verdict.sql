-- Purpose: temporary table shown_verdict: of each pair of arms, metric and load the verdict of the latest experiment.
-- Arms are told apart by everything that tells cells and topologies apart, not by their names alone. page_baseline and
-- page_candidate are their numbers on the page.
CREATE OR REPLACE TEMP TABLE shown_verdict AS
WITH arm_of AS (
    SELECT
        experiment_id, arm_number,
        any_value((python_version, broker, provider, topology_profile)) AS setting,
        any_value(arm) AS page_arm
    FROM arm_trial
    GROUP BY ALL
)
SELECT verdict.*, experiment.created_at, experiment.size, experiment.factor, experiment.command,
    below.page_arm AS page_baseline, above.page_arm AS page_candidate
FROM verdict
JOIN experiment USING (experiment_id)
LEFT JOIN arm_of AS below
    ON below.experiment_id = verdict.experiment_id AND below.arm_number = verdict.baseline_arm
LEFT JOIN arm_of AS above
    ON above.experiment_id = verdict.experiment_id AND above.arm_number = verdict.candidate_arm
WHERE verdict.experiment_id IN (FROM wanted)
QUALIFY row_number() OVER (
    PARTITION BY baseline, candidate, scenario, point, metric, size, factor,
        below.setting, above.setting
    ORDER BY experiment.created_at DESC
) = 1;
