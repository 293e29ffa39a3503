-- Purpose: sojourn times by offered load (ms, medians over trials) and the load offered (tasks/s).
SELECT
    experiment_id, scenario, point,
    arm_number, framework, framework_version, variant, python_version, broker, provider, topology_profile,
    round(median(capacity * load_fraction)) AS offered,
    count(DISTINCT trial_id) AS n,
    round(median(value) FILTER (name = 'sojourn_p50'), 2) AS p50_ms,
    round(median(value) FILTER (name = 'sojourn_p90'), 2) AS p90_ms,
    round(median(value) FILTER (name = 'sojourn_p99'), 2) AS p99_ms
FROM trial
JOIN metric USING (trial_id)
WHERE purpose = 'measure' AND status = 'ok' AND load_fraction IS NOT NULL
GROUP BY ALL
ORDER BY experiment_id DESC, scenario, any_value(point_number), arm_number, framework, framework_version, variant;
