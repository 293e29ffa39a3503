-- Purpose: remove the verdicts of an experiment before it is judged anew.
DELETE FROM verdict
WHERE experiment_id = $experiment;
