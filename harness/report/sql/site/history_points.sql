-- Purpose: primary metrics ($primary: scenario.metric) of every experiment on a machine: the median over its ok trials
-- and their range. Only where some arm, whatever its version, was measured in two experiments.
WITH measured AS (
    SELECT
        machine_number, place, strftime(created_at, '%Y-%m-%d') AS day, experiment_id,
        count(*) AS trials,
        median(shown_value(metric.value, metric.unit)) AS median,
        min(shown_value(metric.value, metric.unit)) AS low,
        max(shown_value(metric.value, metric.unit)) AS high,
        scenario, point, metric.name AS metric, any_value(shown_unit(metric.unit)) AS unit,
        arm, label, size, conditions,
        any_value(lineage) AS lineage, any_value(point_number) AS point_number
    FROM stood
    JOIN metric USING (trial_id)
    WHERE list_contains($primary, scenario || '.' || metric.name)
    GROUP BY ALL
),
repeated AS (
    SELECT machine_number, scenario, point, metric
    FROM measured
    GROUP BY machine_number, scenario, point, metric, lineage
    HAVING count(DISTINCT experiment_id) > 1
)
SELECT measured.* EXCLUDE (lineage, point_number)
FROM measured
SEMI JOIN repeated USING (machine_number, scenario, point, metric)
ORDER BY machine_number, scenario, point_number, point, metric, arm, size, place;
