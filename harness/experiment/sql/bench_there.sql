-- Purpose: the trials of a bench so far, with what says which capacity its open loops have, for going on with it.
SELECT
    trial.*,
    max(metric.value) FILTER (metric.name = 'drain_rate') AS drain_rate,
    max(metric.value) FILTER (metric.name = 'drain_rate_live') AS drain_rate_live,
    max(metric.value) FILTER (metric.name = 'open_loop_capacity') AS open_loop_capacity
FROM trial
LEFT JOIN metric USING (trial_id)
WHERE experiment_id = $experiment
GROUP BY ALL
ORDER BY position;
