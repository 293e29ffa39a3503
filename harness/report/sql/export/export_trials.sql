-- Purpose: one row a trial and metric of one scenario ($scenario), in every purpose and status; a trial without
-- a metric has one row with the last three columns NULL. Units as stored.
SELECT
    trial.trial_id, trial.experiment_id, experiment.command, experiment.size, trial.scenario,
    trial.point, trial.point_number, trial.load_fraction, trial.capacity,
    trial.capacity * trial.load_fraction AS offered,
    arm.label AS arm, trial.framework, trial.framework_version, trial.variant,
    trial.python_version, trial.broker, trial.provider, trial.broker_version,
    trial.topology_profile, trial.processes, trial.concurrency, trial.prefetch, trial.acks,
    trial.arm_number, trial.block, trial.position, trial.purpose, trial.status, trial.reason,
    trial.remarks, trial.seed, trial.workload_hash, trial.lock_hash, trial.started_at,
    trial.duration_s,
    metric.name AS metric,
    if(isfinite(metric.value), metric.value, NULL) AS value, -- JSON has no infinity
    metric.unit
FROM trial
JOIN experiment USING (experiment_id)
LEFT JOIN arm USING (
    framework, framework_version, python_version, broker, provider, topology_profile, variant
)
LEFT JOIN metric USING (trial_id)
WHERE trial.scenario = $scenario
ORDER BY experiment.created_at, trial.experiment_id, trial.position, trial.trial_id, metric.name;
