-- Purpose: version series: the values of every version of a regress in every block, in order of versions; as behind
-- the verdicts, trials that only drifted included.
WITH named AS (
    SELECT experiment_id, scenario, point, point_number, metric, baseline_arm AS arm, baseline AS name,
        page_baseline AS page_arm
    FROM shown_verdict WHERE command = 'regress' AND kind <> 'invalid'
    UNION
    SELECT experiment_id, scenario, point, point_number, metric, candidate_arm, candidate, page_candidate
    FROM shown_verdict WHERE command = 'regress' AND kind <> 'invalid'
)
SELECT
    named.experiment_id, named.scenario, named.point, named.metric, named.arm, named.name,
    list_filter([named.page_arm], lambda arm: arm IS NOT NULL) AS page_arms,
    trial.block, shown_value(metric.value, metric.unit) AS value, shown_unit(metric.unit) AS unit
FROM named
JOIN trial
    ON trial.experiment_id = named.experiment_id AND trial.arm_number = named.arm
    AND trial.scenario = named.scenario
    AND trial.point = named.point
JOIN metric ON metric.trial_id = trial.trial_id AND metric.name = named.metric
WHERE trial.purpose = 'measure'
ORDER BY
    named.experiment_id DESC, named.scenario DESC, named.point_number, named.metric,
    named.arm, trial.block;
