-- Purpose: when a trial's tasks were meant to be sent, for the waits that a queue of known speed must give them.
SELECT intended_ns
FROM task_record
WHERE trial_id = $trial
ORDER BY seq;
