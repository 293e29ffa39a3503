-- Purpose: how quiet the machine was in each experiment: the largest share of CPU that others used and that the host stole (%),
-- and how much the calibration kernel changed (its range as % of its median). What was unreadable is left out.
WITH numbers AS (
    SELECT experiment_id, name, try_cast(value AS DOUBLE) AS value
    FROM environment
    JOIN trial USING (trial_id)
    WHERE purpose = 'measure'
)
SELECT
    experiment_id,
    max(value) FILTER (name = 'foreign_cpu_percent') AS most_foreign_cpu,
    max(value) FILTER (name = 'steal_percent') AS most_steal,
    round(100 * (max(value) FILTER (name = 'calibration_cpu_ms')
        - min(value) FILTER (name = 'calibration_cpu_ms'))
        / median(value) FILTER (name = 'calibration_cpu_ms'), 1) AS calibration_moved
FROM numbers
GROUP BY ALL
ORDER BY experiment_id DESC;
