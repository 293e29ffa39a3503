-- Purpose: one row an experiment and arm: when, how large, from which seed and commit; which of its scenarios
-- this page shows and which are not shown because a later experiment measured them again.
SELECT
    experiment_id,
    strftime(experiment.created_at, '%Y-%m-%d %H:%M') AS created,
    arm_trial.arm,
    arm_trial.label,
    experiment.command,
    experiment.size,
    experiment.seed,
    experiment.harness_version,
    experiment.harness_commit,
    count(*) AS trials,
    count(*) FILTER (arm_trial.status = 'ok') AS ok,
    string_agg(DISTINCT arm_trial.scenario, ', ' ORDER BY arm_trial.scenario)
        FILTER (shown.arm IS NOT NULL) AS scenarios_shown,
    string_agg(DISTINCT arm_trial.scenario, ', ' ORDER BY arm_trial.scenario)
        FILTER (shown.arm IS NULL) AS scenarios_not_shown
FROM arm_trial
JOIN experiment USING (experiment_id)
LEFT JOIN shown
    ON shown.arm = arm_trial.arm
    AND shown.scenario = arm_trial.scenario
    AND shown.experiment_id = arm_trial.experiment_id
WHERE arm_trial.purpose = 'measure' AND experiment_id IN (FROM wanted)
GROUP BY ALL
ORDER BY created, experiment_id, label;
