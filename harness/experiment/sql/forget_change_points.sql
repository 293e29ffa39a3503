-- Purpose: remove the candidate change points of an experiment before it is judged anew.
DELETE FROM change_point
WHERE experiment_id = $experiment;
