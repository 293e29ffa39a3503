-- Purpose: on what an experiment's trials ran so far, to go on with it only on the same: field and value. What nothing
-- was started for has no lock.
SELECT DISTINCT environment.name, environment.value
FROM trial
JOIN environment USING (trial_id)
WHERE experiment_id = $experiment
UNION
SELECT DISTINCT 'lock_hash', lock_hash
FROM trial
WHERE experiment_id = $experiment AND status <> 'gap'
UNION
SELECT 'harness_commit', harness_commit
FROM experiment
WHERE experiment_id = $experiment;
