-- Purpose: how many tasks a second an arm drained: the median of its last five backlogs of no-ops, for the plan's time.
SELECT median(rate)
FROM (
    SELECT metric.value AS rate
    FROM trial
    JOIN experiment USING (experiment_id)
    JOIN metric USING (trial_id)
    WHERE framework = $framework AND broker = $broker AND topology_profile = $profile
      AND variant = $variant AND size = $size AND status IN ('ok', 'invalid')
      AND scenario = $scenario AND metric.name = 'drain_rate'
      AND purpose IN ('measure', 'calibrate')
    ORDER BY started_at DESC
    LIMIT 5
);
