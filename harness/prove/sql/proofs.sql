-- Purpose: what the checks of a validate session came to, in order.
SELECT name, found, unit, bar, at_most, passed, seconds
FROM proof
WHERE experiment_id = $experiment
ORDER BY position;
