-- Purpose: the raw stamps of one scenario ($scenario): every task_record with what its trial was. In the order
-- stored: sorting ten million rows would take the memory that streaming saves.
SELECT
    task_record.trial_id, trial.experiment_id, trial.scenario, trial.point, arm.label AS arm,
    trial.framework, trial.framework_version, trial.python_version, trial.block, trial.purpose,
    trial.status,
    task_record.seq, task_record.attempt, task_record.kind, task_record.intended_ns,
    task_record.send_ns, task_record.ack_ns, task_record.start_ns, task_record.end_ns,
    task_record.worker_pid, task_record.outcome
FROM task_record
JOIN trial USING (trial_id)
LEFT JOIN arm USING (
    framework, framework_version, python_version, broker, provider, topology_profile, variant
)
WHERE trial.scenario = $scenario;
