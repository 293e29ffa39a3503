-- Purpose: what an experiment was asked to do, for going on with it.
SELECT command, options
FROM experiment
WHERE experiment_id = $experiment;
