-- Purpose: what prices are put on, one row an ok measuring trial: CPU seconds by role, GiB hours of memory held and
-- requests to SQS; of a million tasks where a load had a rate, of a month of 730 hours where workers were idle. A
-- server of queues that is an emulator of ours takes the place of a service that is paid by request: not its CPU and
-- memory count, but the requests, and one more a task where the load's window begins after the sends of its backlog.
WITH wide AS (
    PIVOT shown_metric ON name IN (
        'workers_cpu_per_task' AS workers_net, 'workers_cpu_gross_per_task' AS workers_gross,
        'broker_cpu_per_task' AS broker_net, 'broker_cpu_gross_per_task' AS broker_gross,
        'producer_cpu_per_task' AS producer_net, 'producer_cpu_gross_per_task' AS producer_gross,
        'enqueue_producer_cpu_per_task' AS producer_enqueue,
        'drain_rate' AS drained, 'offered_rate' AS offered, 'enqueue_rate' AS enqueued,
        'workers_pss_mean' AS workers_mib, 'broker_pss_mean' AS broker_mib, 'broker_commands_per_task' AS commands,
        'workers_idle_cpu' AS workers_idle, 'broker_idle_cpu' AS broker_idle,
        'workers_idle_pss' AS workers_idle_mib, 'broker_idle_pss' AS broker_idle_mib,
        'broker_idle_commands' AS commands_idle
    )
    USING max(value) GROUP BY scenario, point, point_number, arm, label, broker, trial_id
),
amounts AS (
    SELECT
        scenario, point, point_number, arm, label, trial_id, 'a million tasks' AS of,
        broker = 'sqs' AS by_request,
        coalesce(workers_gross, workers_net) AS workers_s, -- µs a task are seconds a million
        coalesce(producer_enqueue, producer_gross, producer_net) AS producer_s,
        coalesce(broker_gross, broker_net) AS broker_s,
        1e6 / coalesce(offered, drained) / 3600 / 1024 AS gib_hours_a_mib,
        workers_mib, broker_mib,
        1e6 * (commands + if(offered IS NULL AND enqueued IS NOT NULL, 1, 0)) AS requests
    FROM wide
    UNION ALL
    SELECT
        scenario, point, point_number, arm, label, trial_id, 'a month idle' AS of,
        broker = 'sqs' AS by_request,
        workers_idle * 730 * 3600 AS workers_s,
        NULL AS producer_s,
        broker_idle * 730 * 3600 AS broker_s,
        730 / 1024 AS gib_hours_a_mib,
        workers_idle_mib AS workers_mib, broker_idle_mib AS broker_mib,
        commands_idle * 730 * 3600 AS requests
    FROM wide
)
SELECT
    scenario, point, point_number, arm, label, of,
    workers_s,
    coalesce(producer_s, 0) AS producer_s,
    if(by_request, 0, coalesce(broker_s, 0)) AS broker_s,
    gib_hours_a_mib * (workers_mib + if(by_request, 0, coalesce(broker_mib, 0))) AS gib_hours,
    if(by_request, requests, NULL) AS requests,
    NOT by_request AND broker_s IS NULL AS without_broker
FROM amounts
WHERE workers_s IS NOT NULL AND gib_hours_a_mib IS NOT NULL AND workers_mib IS NOT NULL
ORDER BY of, scenario, point_number, arm, trial_id;
