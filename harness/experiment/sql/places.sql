-- Purpose: the measuring trials of an experiment by their place, for going on with it.
SELECT scenario, point, block, arm_number
FROM trial
WHERE experiment_id = $experiment AND purpose = 'measure'
ORDER BY position;
