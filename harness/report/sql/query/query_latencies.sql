-- Purpose: sojourn times by offered load (ms, medians over trials) and the load offered (tasks/s).
SELECT
    ok_trial.* EXCLUDE (trial_id, point_number),
    round(median(trial.capacity * trial.load_fraction)) AS offered,
    count(DISTINCT trial_id) AS n,
    round(median(value) FILTER (name = 'sojourn_p50'), 2) AS p50_ms,
    round(median(value) FILTER (name = 'sojourn_p90'), 2) AS p90_ms,
    round(median(value) FILTER (name = 'sojourn_p99'), 2) AS p99_ms
FROM ok_trial
JOIN trial USING (trial_id)
JOIN metric USING (trial_id)
WHERE trial.load_fraction IS NOT NULL
GROUP BY ALL
ORDER BY experiment_id DESC, scenario, any_value(ok_trial.point_number), arm_number, framework, framework_version, variant;
