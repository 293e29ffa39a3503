-- Purpose: all verdicts, the latest experiment first, in words.
SELECT
    experiment_id, size, scenario, point, metric, kind,
    round(ratio, 3) AS ratio, round(low, 3) AS low, round(high, 3) AS high, n, sentence
FROM verdict
JOIN experiment USING (experiment_id)
ORDER BY created_at DESC, scenario, point_number, metric, baseline_arm, candidate_arm;
