-- Purpose: view measured: the measuring trials of the experiments in wanted, with their arm. latest: no later
-- experiment measured this arm in this scenario.
CREATE OR REPLACE TEMP VIEW measured AS
SELECT arm_trial.*, shown.arm IS NOT NULL AS latest
FROM arm_trial
LEFT JOIN shown
    ON shown.arm = arm_trial.arm
    AND shown.scenario = arm_trial.scenario
    AND shown.experiment_id = arm_trial.experiment_id
WHERE arm_trial.purpose = 'measure' AND arm_trial.experiment_id IN (FROM wanted);
