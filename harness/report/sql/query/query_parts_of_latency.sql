-- Purpose: where the time of a task goes, by load and arm (ms, medians over trials of the median over a trial's first
-- attempts): late sending, the enqueue call, waiting for a worker (negative: a worker began before the call returned), the
-- body.
WITH part AS (
    SELECT
        trial_id,
        median(send_ns - intended_ns) / 1e6 AS late,
        median(ack_ns - send_ns) / 1e6 AS enqueue,
        median(start_ns - ack_ns) / 1e6 AS wait,
        median(end_ns - start_ns) / 1e6 AS body
    FROM task_record
    WHERE attempt = 1
    GROUP BY ALL
)
SELECT
    ok_trial.* EXCLUDE (trial_id, point_number),
    count(*) AS n,
    round(median(late), 3) AS late_ms,
    round(median(enqueue), 3) AS enqueue_ms,
    round(median(wait), 3) AS wait_ms,
    round(median(body), 3) AS body_ms
FROM part
JOIN ok_trial USING (trial_id)
GROUP BY ALL
ORDER BY experiment_id DESC, scenario, any_value(point_number), arm_number, framework, framework_version, variant;
