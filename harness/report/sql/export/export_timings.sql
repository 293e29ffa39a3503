-- Purpose: the raw stamps of one scenario ($scenario): every task_record with what its trial was. In the order
-- stored: sorting ten million rows would take the memory that streaming saves.
SELECT
    task_record.trial_id, arm_trial.experiment_id, arm_trial.scenario, arm_trial.point, arm_trial.label AS arm,
    arm_trial.framework, arm_trial.framework_version, arm_trial.python_version, arm_trial.block, arm_trial.purpose,
    arm_trial.status,
    task_record.seq, task_record.attempt, task_record.kind, task_record.intended_ns,
    task_record.send_ns, task_record.ack_ns, task_record.start_ns, task_record.end_ns,
    task_record.worker_pid, task_record.outcome
FROM task_record
JOIN arm_trial USING (trial_id)
WHERE arm_trial.scenario = $scenario;
