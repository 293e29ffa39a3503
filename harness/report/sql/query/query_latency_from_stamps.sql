-- Purpose: the p99 of each open-loop trial straight from the stamps, from the intended time; and from the time of
-- sending, which is what a client that counts from the actual send reports.
SELECT
    trial_id, framework, framework_version, scenario, point,
    count(DISTINCT seq) AS tasks,
    round(quantile_cont(end_ns - intended_ns, 0.99) / 1e6, 2) AS p99_ms,
    round(quantile_cont(end_ns - send_ns, 0.99) / 1e6, 2) AS p99_from_send_ms
FROM task_record
JOIN trial USING (trial_id)
WHERE purpose = 'measure' AND status = 'ok' AND load_fraction IS NOT NULL AND outcome = 'ok'
GROUP BY ALL
ORDER BY any_value(started_at) DESC, trial_id;
