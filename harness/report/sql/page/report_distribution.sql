-- Purpose: the latency distribution of every scenario with an open loop, its sojourn time, and the distribution of
-- lateness of scheduling (ms): at a grid of quantiles, taken within each ok trial, then median and range over trials.
-- slower: the share of tasks, or of starts, beyond the quantile. A quantile needs 10 of them beyond it (METHOD section
-- 3: p99 wants 1,000 tasks).
WITH completed AS (
    SELECT
        task_record.trial_id,
        task_record.seq,
        min(task_record.end_ns) - any_value(task_record.intended_ns) AS sojourn_ns
    FROM task_record
    JOIN shown_trial USING (trial_id)
    WHERE shown_trial.purpose = 'measure'
      AND shown_trial.status = 'ok'
      AND shown_trial.load_fraction IS NOT NULL
      AND task_record.outcome = 'ok'
    GROUP BY ALL
),
taken AS (
    SELECT trial_id, sojourn_ns AS took_ns FROM completed
    UNION ALL
    SELECT trial_id, late_ns FROM lateness JOIN shown_trial USING (trial_id) WHERE status = 'ok'
),
within AS (
    SELECT
        trial_id,
        count(*) AS tasks,
        quantile_cont(took_ns / 1e6, [
            0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.985,
            0.99, 0.993, 0.995, 0.997, 0.998, 0.999, 0.9993, 0.9995, 0.9997, 0.9998, 0.9999
        ]) AS took_ms
    FROM taken
    GROUP BY trial_id
),
curve AS (
    SELECT
        trial_id,
        tasks,
        unnest(took_ms) AS took_ms,
        unnest([
            0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.015,
            0.01, 0.007, 0.005, 0.003, 0.002, 0.001, 0.0007, 0.0005, 0.0003, 0.0002, 0.0001
        ])::DOUBLE AS slower
    FROM within
)
SELECT
    scenario, point, point_number, arm, label,
    curve.slower,
    count(*) AS trials,
    median(curve.took_ms) AS median,
    min(curve.took_ms) AS low,
    max(curve.took_ms) AS high
FROM curve
JOIN shown_trial USING (trial_id)
WHERE curve.tasks * curve.slower >= 9.999999 -- 0.01 is no binary fraction
GROUP BY ALL
ORDER BY scenario, point_number, arm, slower DESC;
