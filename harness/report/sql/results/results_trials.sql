-- Purpose: the measuring trials behind the figures shown: what was remarked, and how long the CPU loop of the
-- calibration took before each (ms).
SELECT
    scenario, point, point_number, arm, label, experiment_id, status, remarks,
    try_cast(environment.value AS DOUBLE) AS calibration_ms
FROM shown_trial
LEFT JOIN environment
    ON environment.trial_id = shown_trial.trial_id AND environment.name = 'calibration_cpu_ms'
WHERE purpose = 'measure'
ORDER BY scenario, arm, point_number, position;
