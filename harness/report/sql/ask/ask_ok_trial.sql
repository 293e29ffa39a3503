-- Purpose: view ok_trial: the ok measuring trials, with what tells the arms of an experiment apart.
CREATE OR REPLACE TEMP VIEW ok_trial AS
SELECT
    trial_id, point_number,
    experiment_id, scenario, point,
    arm_number, framework, framework_version, variant, python_version, broker, provider, topology_profile
FROM trial
WHERE purpose = 'measure' AND status = 'ok';
