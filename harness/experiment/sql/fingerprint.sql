-- Purpose: what stood behind the figures of an experiment's arm at one load: every field that METHOD section 8
-- sets against another experiment's, with the values that it had.
WITH chosen AS (
    SELECT trial.*, experiment.size, experiment.harness_version, experiment.harness_commit
    FROM trial
    JOIN experiment USING (experiment_id)
    WHERE experiment_id = $experiment AND arm_number = $arm AND purpose = 'measure' AND status = 'ok'
      AND scenario = $scenario AND point = $point
)
SELECT environment.name, environment.value
FROM chosen
JOIN environment USING (trial_id)
UNION ALL
SELECT
    unnest([
        'broker_version', 'broker_config_hash', 'workload_hash', 'adapter_hash', 'size',
        'harness_version', 'harness_commit', 'lock_hash'
    ]),
    unnest([
        broker_version, broker_config_hash, left(workload_hash, 32), substr(workload_hash, 33), size,
        harness_version, harness_commit, lock_hash
    ])
FROM chosen;
