-- Purpose: the stacks of one pass as the profiler left them, with lines and processes.
SELECT frames, value
FROM stack
WHERE trial_id = $trial AND tool = $tool AND value > 0
ORDER BY frames;
