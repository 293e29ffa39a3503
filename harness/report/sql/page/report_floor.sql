-- Purpose: each arm beside the floor, the broker's client alone (framework raw): medians of a few metrics over ok
-- measuring trials, and their ratio to the floor's with the same acknowledgement on the same Python, broker and provider
-- and at the same size; of the same experiment where that has one.
-- Where a load was offered, only if it was about the same: latency and cost a task depend on it.
WITH medians AS (
    SELECT
        scenario, point, point_number, arm, label, framework = 'raw' AS is_floor,
        python_version, broker, provider, acks, experiment_id, experiment.size, name,
        median(value) AS median,
        median(capacity * load_fraction) AS offered
    FROM shown_metric
    JOIN experiment USING (experiment_id)
    WHERE name IN (
        'drain_rate', 'workers_cpu_per_task', 'broker_bytes_per_task', 'sojourn_p50', 'sojourn_p99',
        'workers_pss_peak'
    )
    GROUP BY ALL
)
SELECT
    own.scenario, own.point, own.point_number, own.arm, own.label, own.name,
    own.median / low.median AS ratio, low.arm AS floor_arm
FROM medians AS own
JOIN medians AS low USING (scenario, point, python_version, broker, provider, acks, size, name)
WHERE low.is_floor AND NOT own.is_floor AND low.median > 0
  AND coalesce(abs(own.offered / low.offered - 1) < 0.05, true)
QUALIFY row_number() OVER (
    PARTITION BY own.scenario, own.point, own.arm, own.name
    ORDER BY own.experiment_id = low.experiment_id DESC, low.arm
) = 1
ORDER BY own.scenario, own.point_number, own.name, own.arm;
