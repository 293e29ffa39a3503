-- Purpose: where the time of a task goes, by load and arm (medians over its first attempts, ms): late sending, the
-- enqueue call, waiting for a worker (negative: a worker began before the call returned), the body.
SELECT
    experiment_id, scenario, point, framework, framework_version, variant,
    round(median(send_ns - intended_ns) / 1e6, 3) AS late_ms,
    round(median(ack_ns - send_ns) / 1e6, 3) AS enqueue_ms,
    round(median(start_ns - ack_ns) / 1e6, 3) AS wait_ms,
    round(median(end_ns - start_ns) / 1e6, 3) AS body_ms
FROM task_record
JOIN trial USING (trial_id)
WHERE purpose = 'measure' AND status = 'ok' AND attempt = 1
GROUP BY ALL
ORDER BY experiment_id DESC, scenario, any_value(point_number), framework, framework_version, variant;
