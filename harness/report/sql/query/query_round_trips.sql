-- Purpose: how many round trips to the broker a task waits for, by arm: in network_delay, with one slot, the slopes over the
-- round-trip time of the time per task (task), of the enqueue call (send) and of the time from send to end (sojourn), and
-- commands and requests per task where the delay is largest.
WITH wide AS (
    PIVOT metric ON name IN (
        'network_round_trip_real' AS rtt_ms, 'time_per_task' AS task_ms, 'enqueue_p50' AS send_ms,
        'sojourn_p50' AS sojourn_ms, 'broker_commands_per_task' AS commands, 'broker_requests_per_task' AS requests
    )
    USING max(value) GROUP BY trial_id
)
SELECT
    ok_trial.* EXCLUDE (trial_id, point, point_number),
    count(*) AS n,
    round(regr_slope(task_ms, rtt_ms), 2) AS task_round_trips,
    round(regr_slope(send_ms, rtt_ms), 2) AS send_round_trips,
    round(regr_slope(sojourn_ms, rtt_ms), 2) AS sojourn_round_trips,
    round(regr_intercept(task_ms, rtt_ms), 3) AS task_rest_ms,
    round(arg_max(commands, rtt_ms), 2) AS commands_per_task,
    round(arg_max(requests, rtt_ms), 2) AS requests_per_task
FROM wide
JOIN ok_trial USING (trial_id)
WHERE task_ms IS NOT NULL AND rtt_ms IS NOT NULL
GROUP BY ALL
ORDER BY experiment_id DESC, arm_number, framework, framework_version, variant;
