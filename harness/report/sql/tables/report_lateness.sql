-- Purpose: temporary table lateness: by how much (ns, negative when early) each start was late in the measuring trials
-- of points whose tasks are due at a time ($due: scenario, point, delay_s, back_off_s, as the scenarios state them):
-- after send and delay, or after the end of the attempt before and its back-off, which doubles. As in
-- scenarios/scheduling.py, a delayed task counts by its first success, and retries of a task that succeeded twice are
-- left out.
CREATE OR REPLACE TEMP TABLE lateness AS
WITH due AS (
    SELECT unnest($due, recursive := true)
),
attempted AS (
    SELECT
        task_record.*,
        due.delay_s::BIGINT * 1_000_000_000 AS delay_ns,
        due.back_off_s::BIGINT * 1_000_000_000 AS back_off_ns,
        lag(task_record.end_ns) OVER (PARTITION BY trial_id, seq ORDER BY attempt) AS failed_ns,
        count(*) FILTER (outcome = 'ok') OVER (PARTITION BY trial_id, seq) AS successes
    FROM task_record
    JOIN shown_trial USING (trial_id)
    JOIN due USING (scenario, point)
    WHERE shown_trial.purpose = 'measure' AND attempt > 0
)
SELECT trial_id, min(start_ns) - any_value(send_ns) - any_value(delay_ns) AS late_ns
FROM attempted
WHERE outcome = 'ok' AND delay_ns IS NOT NULL
GROUP BY trial_id, seq
UNION ALL
SELECT trial_id, start_ns - failed_ns - back_off_ns * (1 << (attempt - 2))
FROM attempted
WHERE attempt > 1 AND successes < 2 AND back_off_ns IS NOT NULL;
