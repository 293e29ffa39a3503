-- Purpose: one row an experiment and arm: when, how large, from which seed and commit; which of its scenarios
-- this page shows and which are not shown because a later experiment measured them again.
SELECT
    experiment_id,
    strftime(experiment.created_at, '%Y-%m-%d %H:%M') AS created,
    arm.arm,
    arm.label,
    experiment.command,
    experiment.size,
    experiment.seed,
    experiment.harness_version,
    experiment.harness_commit,
    count(*) AS trials,
    count(*) FILTER (trial.status = 'ok') AS ok,
    string_agg(DISTINCT trial.scenario, ', ' ORDER BY trial.scenario)
        FILTER (shown.arm IS NOT NULL) AS scenarios_shown,
    string_agg(DISTINCT trial.scenario, ', ' ORDER BY trial.scenario)
        FILTER (shown.arm IS NULL) AS scenarios_not_shown
FROM trial
JOIN experiment USING (experiment_id)
JOIN arm USING (
    framework, framework_version, python_version, broker, provider, topology_profile, variant
)
LEFT JOIN shown
    ON shown.arm = arm.arm
    AND shown.scenario = trial.scenario
    AND shown.experiment_id = trial.experiment_id
WHERE trial.purpose = 'measure' AND experiment_id IN (FROM wanted)
GROUP BY ALL
ORDER BY created, experiment_id, label;
