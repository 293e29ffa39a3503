-- Purpose: median and range of every metric, by experiment, scenario, load and arm; n trials. Units as stored.
SELECT
    experiment_id, scenario, point,
    arm_number, framework, framework_version, variant, python_version, broker, provider, topology_profile, name, unit,
    count(*) AS n, median(value) AS median, min(value) AS low, max(value) AS high
FROM trial
JOIN metric USING (trial_id)
WHERE purpose = 'measure' AND status = 'ok'
GROUP BY ALL
ORDER BY experiment_id DESC, scenario, any_value(point_number), arm_number, framework, framework_version, variant, name;
