-- Purpose: tasks completed in each second of the latest ok measuring trial that left task records: steady, or not.
WITH latest AS (
    SELECT arg_max(trial_id, (started_at, trial_id)) AS trial_id
    FROM trial
    WHERE purpose = 'measure' AND status = 'ok' AND trial_id IN (SELECT trial_id FROM task_record)
),
ended AS (
    SELECT trial_id, (end_ns - min(end_ns) OVER ()) // 1_000_000_000 AS second
    FROM task_record
    JOIN latest USING (trial_id)
    WHERE outcome = 'ok'
)
SELECT trial_id, second, count(*) AS tasks
FROM ended
GROUP BY ALL
ORDER BY second;
