-- Purpose: primary metrics ($primary: scenario.metric) of every experiment on a machine: the median over its ok trials
-- and their range. Only where some arm, whatever its version, was measured in two experiments.
WITH measured AS (
    SELECT
        machine_number, scenario, point, point_number, metric.name AS metric,
        CASE any_value(metric.unit)
            WHEN 'bytes' THEN 'MiB' WHEN 'us' THEN 'µs' WHEN '1' THEN '' ELSE any_value(metric.unit)
        END AS unit,
        arm, label, lineage, size, conditions, experiment_id, created_at, place,
        count(*) AS trials, median(scaled) AS median, min(scaled) AS low, max(scaled) AS high
    FROM stood
    JOIN metric USING (trial_id)
    CROSS JOIN LATERAL (SELECT metric.value / if(metric.unit = 'bytes', 1048576, 1) AS scaled)
    WHERE list_contains($primary, scenario || '.' || metric.name)
    GROUP BY ALL
),
repeated AS (
    SELECT machine_number, scenario, point, metric
    FROM measured
    GROUP BY machine_number, scenario, point, metric, lineage
    HAVING count(DISTINCT experiment_id) > 1
)
SELECT measured.* EXCLUDE (created_at), strftime(created_at, '%Y-%m-%d') AS day
FROM measured
SEMI JOIN repeated USING (machine_number, scenario, point, metric)
ORDER BY machine_number, scenario, point_number, point, metric, arm, size, place;
