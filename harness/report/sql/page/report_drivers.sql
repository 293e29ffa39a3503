-- Purpose: brokers beside each other, for each framework that has ok measuring trials of throughput on two of them at
-- least: single trials of a few metrics, of no-op backlogs (throughput) and at the lowest load (latency p50).
WITH several AS (
    SELECT arm.series
    FROM shown_trial
    JOIN arm USING (arm)
    WHERE scenario = 'throughput' AND purpose = 'measure' AND status = 'ok'
    GROUP BY arm.series
    HAVING count(DISTINCT shown_trial.broker) > 1
)
SELECT
    arm.series AS label,
    dense_rank() OVER (ORDER BY arm.series) AS arm,
    shown_metric.arm AS page_arm, -- what is one arm here is several on the page, one a broker
    shown_metric.scenario,
    shown_metric.broker,
    shown_metric.name,
    shown_metric.unit,
    shown_metric.value
FROM shown_metric
JOIN arm USING (arm)
JOIN several USING (series)
WHERE
    shown_metric.scenario = 'throughput' AND shown_metric.name IN (
        'drain_rate', 'enqueue_rate', 'workers_cpu_per_task', 'broker_cpu_per_task', 'broker_commands_per_task',
        'broker_traffic_per_task', 'broker_wal_per_task'
    )
    OR shown_metric.scenario = 'latency' AND shown_metric.name = 'sojourn_p50'
    AND shown_metric.load_fraction = (
        SELECT min(low.load_fraction) FROM shown_trial AS low WHERE low.scenario = 'latency'
    )
ORDER BY shown_metric.broker, arm, shown_metric.name, shown_metric.position;
