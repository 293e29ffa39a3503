-- Purpose: temporary table shown: for each arm and scenario the latest experiment with measuring trials of it.
CREATE OR REPLACE TEMP TABLE shown AS
SELECT
    arm.arm,
    trial.scenario,
    arg_max(trial.experiment_id, (experiment.created_at, trial.experiment_id)) AS experiment_id
FROM trial
JOIN experiment USING (experiment_id)
JOIN arm USING (
    framework, framework_version, python_version, broker, provider, topology_profile, variant
)
WHERE trial.purpose = 'measure' AND trial.experiment_id IN (FROM wanted)
GROUP BY arm.arm, trial.scenario;
