-- Purpose: cores that each role kept busy from the first to the last sample of a trial, warm-up included, medians over trials.
WITH used AS (
    SELECT
        trial_id, role,
        (max(cpu_s) - min(cpu_s)) / nullif((max(at_ns) - min(at_ns)) / 1e9, 0) AS cores
    FROM resource_sample
    GROUP BY ALL
)
SELECT
    ok_trial.* EXCLUDE (trial_id, point_number), role,
    round(median(cores), 3) AS cores
FROM used
JOIN ok_trial USING (trial_id)
GROUP BY ALL
ORDER BY experiment_id DESC, scenario, any_value(point_number), arm_number, framework, framework_version, variant, role;
