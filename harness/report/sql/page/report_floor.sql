-- Purpose: each arm beside the floor, the broker's client alone (framework raw): medians of a few metrics over ok
-- measuring trials, and their ratio to the floor's on the same Python, broker and provider and at the same size.
-- Where a load was offered, only if it was about the same: latency and cost a task depend on it.
WITH medians AS (
    SELECT
        scenario, point, point_number, arm, label, framework = 'raw' AS is_floor,
        python_version, broker, provider, experiment.size, name,
        median(value) AS median,
        median(capacity * load_fraction) AS offered
    FROM shown_metric
    JOIN experiment USING (experiment_id)
    WHERE name IN ('drain_rate', 'workers_cpu_per_task', 'broker_bytes_per_task', 'sojourn_p50')
    GROUP BY ALL
)
SELECT
    own.scenario, own.point, own.point_number, own.arm, own.label, own.name,
    own.median / low.median AS ratio
FROM medians AS own
JOIN medians AS low USING (scenario, point, python_version, broker, provider, size, name)
WHERE low.is_floor AND NOT own.is_floor AND low.median > 0
  AND coalesce(abs(own.offered / low.offered - 1) < 0.05, true)
ORDER BY own.scenario, own.point_number, own.name, own.arm;
