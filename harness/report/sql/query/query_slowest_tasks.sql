-- Purpose: of every open-loop trial the three tasks that took longest, with when they were meant to be sent (s after
-- the first): together at one time is a pause, spread out is a tail.
SELECT
    trial_id, framework, framework_version, point, seq, worker_pid,
    round((intended_ns - min(intended_ns) OVER by_trial) / 1e9, 3) AS at_s,
    round((end_ns - intended_ns) / 1e6, 2) AS sojourn_ms
FROM task_record
JOIN trial USING (trial_id)
WHERE purpose = 'measure' AND status = 'ok' AND load_fraction IS NOT NULL AND outcome = 'ok'
WINDOW by_trial AS (PARTITION BY trial_id)
QUALIFY row_number() OVER (PARTITION BY trial_id ORDER BY end_ns - intended_ns DESC, seq) <= 3
ORDER BY trial_id DESC, sojourn_ms DESC;
