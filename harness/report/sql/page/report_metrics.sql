-- Purpose: every metric over the ok measuring trials of a scenario, load and arm: median, range and number of
-- trials. The trial is the unit. Bytes become MiB, and rates of idle CPU stay in cores.
SELECT
    shown_trial.scenario,
    shown_trial.point,
    shown_trial.point_number,
    shown_trial.load_fraction,
    shown_trial.arm,
    shown_trial.label,
    metric.name,
    CASE metric.unit
        WHEN 'bytes' THEN 'MiB'
        WHEN 'us' THEN 'µs'
        WHEN '1' THEN ''
        ELSE metric.unit
    END AS unit,
    count(*) AS trials,
    median(metric.value / scale.factor) AS median,
    min(metric.value / scale.factor) AS low,
    max(metric.value / scale.factor) AS high
FROM shown_trial
JOIN metric USING (trial_id)
CROSS JOIN LATERAL (SELECT CASE metric.unit WHEN 'bytes' THEN 1048576 ELSE 1 END AS factor) AS scale
WHERE shown_trial.purpose = 'measure' AND shown_trial.status = 'ok'
GROUP BY ALL
ORDER BY scenario, point_number, arm, name;
