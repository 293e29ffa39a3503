-- Purpose: temporary table shown_trial: the trials of the experiments in shown, with their arm; profiler passes
-- and the calibration that gave an open loop its capacity come along, for their status only.
CREATE OR REPLACE TEMP TABLE shown_trial AS
FROM arm_trial
WHERE EXISTS (
    FROM shown
    WHERE shown.arm = arm_trial.arm
      AND shown.experiment_id = arm_trial.experiment_id
      AND (shown.scenario = arm_trial.scenario OR arm_trial.purpose = 'calibrate')
);
