-- Purpose: every metric over the ok measuring trials of an experiment, scenario, load and arm: median, range, number
-- of trials, units as stored. latest: no later experiment measured this arm in this scenario.
SELECT
    measured.experiment_id, measured.latest, measured.scenario,
    measured.point, measured.point_number, measured.load_fraction,
    measured.arm, measured.label,
    metric.name AS metric, metric.unit,
    count(*) AS trials, median(metric.value) AS median, min(metric.value) AS low, max(metric.value) AS high
FROM measured
JOIN metric USING (trial_id)
WHERE measured.status = 'ok' AND list_contains($scenarios, measured.scenario) AND isfinite(metric.value)
GROUP BY ALL
ORDER BY
    measured.scenario, measured.point_number, measured.point, measured.arm, measured.experiment_id, metric.name;
