-- Purpose: whether there is an experiment.
SELECT count(*) > 0 FROM experiment;
