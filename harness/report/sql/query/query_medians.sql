-- Purpose: median and range of every metric, by experiment, scenario, load and arm; n trials. Units as stored.
SELECT
    ok_trial.* EXCLUDE (trial_id, point_number), name, unit,
    count(*) AS n, median(value) AS median, min(value) AS low, max(value) AS high
FROM ok_trial
JOIN metric USING (trial_id)
GROUP BY ALL
ORDER BY experiment_id DESC, scenario, any_value(point_number), arm_number, framework, framework_version, variant, name;
