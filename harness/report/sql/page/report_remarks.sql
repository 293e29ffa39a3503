-- Purpose: remarks on shown trials: flags that do not void them.
SELECT trial_id, experiment_id, arm, label, scenario, point, purpose, status, remarks
FROM shown_trial
WHERE remarks IS NOT NULL
ORDER BY purpose <> 'measure', arm, scenario, point_number, position;
