-- Purpose: how evenly the worker processes of each trial shared the tasks: the busiest and the least busy one, as shares of all.
WITH counted AS (
    SELECT trial_id, worker_pid, count(*) AS tasks
    FROM task_record
    WHERE worker_pid IS NOT NULL
    GROUP BY ALL
)
SELECT
    trial_id, framework, framework_version, scenario, point,
    count(*) AS workers_seen,
    round(max(tasks) / sum(tasks), 3) AS busiest,
    round(min(tasks) / sum(tasks), 3) AS idlest
FROM counted
JOIN trial USING (trial_id)
WHERE purpose = 'measure' AND status = 'ok'
GROUP BY ALL
ORDER BY any_value(started_at) DESC, trial_id;
