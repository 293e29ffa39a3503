-- Purpose: what the slowest arm of an experiment drains of its backlogs, tasks/s: of the median rates while a producer
-- was sending and without one the smaller. Trials of any arm that drained something count, valid or not.
WITH rate AS (
    SELECT arm_number, metric.name, median(metric.value) AS middle
    FROM trial
    JOIN metric USING (trial_id)
    WHERE experiment_id = $experiment AND scenario = $scenario AND purpose = 'measure'
      AND status IN ('ok', 'invalid') AND metric.name IN ('drain_rate', 'drain_rate_live')
    GROUP BY ALL
)
SELECT min(middle)
FROM rate;
