-- Purpose: largest memory of each role in MiB (proportional set size: shared pages counted once), medians over trials.
WITH peak AS (
    SELECT trial_id, role, max(pss_bytes) / 1048576 AS mib, max(processes) AS processes
    FROM resource_sample
    GROUP BY ALL
)
SELECT
    ok_trial.* EXCLUDE (trial_id, point_number), role,
    max(peak.processes) AS most_processes,
    round(median(mib), 1) AS peak_mib
FROM peak
JOIN ok_trial USING (trial_id)
GROUP BY ALL
ORDER BY experiment_id DESC, scenario, any_value(point_number), arm_number, framework, framework_version, variant, role;
