-- Purpose: temporary table lateness: by how much (ns, negative when early) each start of scheduling's measuring trials
-- was late: after send and delay, or after the end of the attempt before and its back-off, which doubles. Delay and
-- first back-off are those that the point's name states. As in scenarios/scheduling.py, a delayed task counts by its
-- first success, and retries of a task that succeeded twice are left out.
CREATE OR REPLACE TEMP TABLE lateness AS
WITH attempted AS (
    SELECT
        task_record.*,
        try_cast(regexp_extract(point, '^delay (\d+) s', 1) AS BIGINT) * 1_000_000_000 AS delay_ns,
        try_cast(regexp_extract(point, '^retry after (\d+) s', 1) AS BIGINT) * 1_000_000_000 AS back_off_ns,
        lag(task_record.end_ns) OVER (PARTITION BY trial_id, seq ORDER BY attempt) AS failed_ns,
        count(*) FILTER (outcome = 'ok') OVER (PARTITION BY trial_id, seq) AS successes
    FROM task_record
    JOIN shown_trial USING (trial_id)
    WHERE shown_trial.purpose = 'measure' AND shown_trial.scenario = 'scheduling' AND attempt > 0
)
SELECT trial_id, min(start_ns) - any_value(send_ns) - any_value(delay_ns) AS late_ns
FROM attempted
WHERE outcome = 'ok' AND delay_ns IS NOT NULL
GROUP BY trial_id, seq
UNION ALL
SELECT trial_id, start_ns - failed_ns - back_off_ns * (1 << (attempt - 2))
FROM attempted
WHERE attempt > 1 AND successes < 2 AND back_off_ns IS NOT NULL;
