-- Purpose: temporary table shown_trial: the trials of the experiments in shown, with their arm; profiler passes
-- and the calibration that gave an open loop its capacity come along, for their status only.
CREATE OR REPLACE TEMP TABLE shown_trial AS
SELECT arm.arm, arm.label, trial.*
FROM trial
JOIN arm USING (
    framework, framework_version, python_version, broker, provider, topology_profile, variant
)
WHERE EXISTS (
    FROM shown
    WHERE shown.arm = arm.arm
      AND shown.experiment_id = trial.experiment_id
      AND (shown.scenario = trial.scenario OR trial.purpose = 'calibrate')
);
