-- Purpose: brokers beside each other, for each framework that has ok measuring trials of throughput on two of them at
-- least: single trials of a few metrics, of no-op backlogs (throughput) and at the lowest load (latency p50).
WITH several AS (
    SELECT series
    FROM shown_trial
    JOIN arm USING (arm)
    WHERE scenario = 'throughput' AND purpose = 'measure' AND status = 'ok'
    GROUP BY series
    HAVING count(DISTINCT shown_trial.broker) > 1
)
SELECT
    arm.series AS label,
    dense_rank() OVER (ORDER BY arm.series) AS arm,
    shown_trial.arm AS page_arm, -- what is one arm here is several on the page, one a broker
    shown_trial.scenario,
    shown_trial.broker AS "group",
    metric.name,
    if(metric.unit = 'us', 'µs', if(metric.unit = '1', '', metric.unit)) AS unit,
    metric.value
FROM shown_trial
JOIN arm USING (arm)
JOIN several USING (series)
JOIN metric USING (trial_id)
WHERE shown_trial.purpose = 'measure' AND shown_trial.status = 'ok'
  AND (
      shown_trial.scenario = 'throughput' AND metric.name IN (
          'drain_rate', 'enqueue_rate', 'workers_cpu_per_task', 'broker_cpu_per_task', 'broker_commands_per_task',
          'broker_traffic_per_task', 'broker_wal_per_task'
      )
      OR shown_trial.scenario = 'latency' AND metric.name = 'sojourn_p50'
      AND shown_trial.load_fraction = (
          SELECT min(low.load_fraction) FROM shown_trial AS low WHERE low.scenario = 'latency'
      )
  )
ORDER BY shown_trial.broker, arm, metric.name, shown_trial.position;
