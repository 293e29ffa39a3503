-- Purpose: every metric over the ok measuring trials of a scenario, load and arm: median, range and number of
-- trials. The trial is the unit. Bytes become MiB, and rates of idle CPU stay in cores.
SELECT
    scenario, point, point_number, arm, label, load_fraction, name, unit,
    count(*) AS trials,
    median(value) AS median,
    min(value) AS low,
    max(value) AS high
FROM shown_metric
GROUP BY ALL
ORDER BY scenario, point_number, arm, name;
