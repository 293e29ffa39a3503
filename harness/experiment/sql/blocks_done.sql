-- Purpose: blocks of an experiment that hold all their trials, for going on with a killed one.
SELECT block
FROM trial
WHERE experiment_id = $experiment AND purpose = 'measure'
GROUP BY block
HAVING count(*) = $trials
ORDER BY block;
