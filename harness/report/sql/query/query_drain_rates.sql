-- Purpose: how fast each arm drains a backlog (tasks/s, median and range) and what CPU one task costs its workers (us).
SELECT
    ok_trial.* EXCLUDE (trial_id, point_number),
    count(DISTINCT trial_id) AS n,
    round(median(value) FILTER (name = 'drain_rate')) AS tasks_per_s,
    round(min(value) FILTER (name = 'drain_rate')) AS low,
    round(max(value) FILTER (name = 'drain_rate')) AS high,
    round(median(value) FILTER (name = 'workers_cpu_per_task'), 1) AS worker_cpu_us
FROM ok_trial
JOIN metric USING (trial_id)
GROUP BY ALL
HAVING tasks_per_s IS NOT NULL
ORDER BY experiment_id DESC, scenario, any_value(point_number), tasks_per_s DESC;
