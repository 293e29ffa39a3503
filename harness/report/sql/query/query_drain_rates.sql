-- Purpose: how fast each arm drains a backlog (tasks/s, median and range) and what CPU one task costs its workers (us).
SELECT
    experiment_id, scenario, point,
    arm_number, framework, framework_version, variant, python_version, broker, provider, topology_profile,
    count(DISTINCT trial_id) AS n,
    round(median(value) FILTER (name = 'drain_rate')) AS tasks_per_s,
    round(min(value) FILTER (name = 'drain_rate')) AS low,
    round(max(value) FILTER (name = 'drain_rate')) AS high,
    round(median(value) FILTER (name = 'workers_cpu_per_task'), 1) AS worker_cpu_us
FROM trial
JOIN metric USING (trial_id)
WHERE purpose = 'measure' AND status = 'ok'
GROUP BY ALL
HAVING tasks_per_s IS NOT NULL
ORDER BY experiment_id DESC, scenario, any_value(point_number), tasks_per_s DESC;
