-- Purpose: one row a trial and metric of one scenario ($scenario), in every purpose and status; a trial without
-- a metric has one row with the last three columns NULL. Units as stored.
SELECT
    arm_trial.trial_id, arm_trial.experiment_id, experiment.command, experiment.size, arm_trial.scenario,
    arm_trial.point, arm_trial.point_number, arm_trial.load_fraction, arm_trial.capacity,
    arm_trial.capacity * arm_trial.load_fraction AS offered,
    arm_trial.label AS arm, arm_trial.framework, arm_trial.framework_version, arm_trial.variant,
    arm_trial.python_version, arm_trial.broker, arm_trial.provider, arm_trial.broker_version,
    arm_trial.broker_config_hash, arm_trial.topology_profile, arm_trial.topology_source, arm_trial.processes, arm_trial.concurrency, arm_trial.prefetch, arm_trial.acks,
    arm_trial.arm_number, arm_trial.block, arm_trial.position, arm_trial.purpose, arm_trial.status, arm_trial.reason,
    arm_trial.remarks, arm_trial.seed, arm_trial.workload_hash, arm_trial.lock_hash, arm_trial.started_at,
    arm_trial.duration_s,
    metric.name AS metric,
    if(isfinite(metric.value), metric.value, NULL) AS value, -- JSON has no infinity
    metric.unit
FROM arm_trial
JOIN experiment USING (experiment_id)
LEFT JOIN metric USING (trial_id)
WHERE arm_trial.scenario = $scenario
ORDER BY experiment.created_at, arm_trial.experiment_id, arm_trial.position, arm_trial.trial_id, metric.name;
