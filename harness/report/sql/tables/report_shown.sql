-- Purpose: temporary table shown: for each arm and scenario the latest experiment with measuring trials of it.
CREATE OR REPLACE TEMP TABLE shown AS
SELECT
    arm_trial.arm,
    arm_trial.scenario,
    arg_max(arm_trial.experiment_id, (experiment.created_at, arm_trial.experiment_id)) AS experiment_id
FROM arm_trial
JOIN experiment USING (experiment_id)
WHERE arm_trial.purpose = 'measure' AND arm_trial.experiment_id IN (FROM wanted)
GROUP BY arm_trial.arm, arm_trial.scenario;
