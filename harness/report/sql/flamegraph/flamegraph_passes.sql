-- Purpose: profiler passes that left stacks, a row each: what was looked at and by which tool; newest first,
-- of one experiment the scenario $first before the rest.
SELECT
    trial.framework,
    trial.framework_version,
    trial.variant,
    trial.python_version,
    trial.broker,
    trial.provider,
    trial.topology_profile,
    trial.trial_id,
    stack.tool,
    trial.experiment_id,
    trial.arm_number,
    trial.scenario,
    trial.point,
    experiment.size,
    strftime(experiment.created_at, '%Y-%m-%d %H:%M') AS day
FROM trial
JOIN experiment USING (experiment_id)
JOIN (SELECT DISTINCT trial_id, tool FROM stack) AS stack USING (trial_id)
WHERE trial.status = 'ok'
ORDER BY
    experiment.created_at DESC, trial.scenario = $first DESC, trial.scenario,
    trial.point_number, trial.position DESC, stack.tool DESC;
