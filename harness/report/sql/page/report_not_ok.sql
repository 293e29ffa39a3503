-- Purpose: every shown trial that is not ok, of any purpose, with its reason; excluded from every figure.
SELECT trial_id, experiment_id, arm, label, scenario, point, purpose, status,
    coalesce(reason, 'no reason stored') AS reason
FROM shown_trial
WHERE status <> 'ok'
ORDER BY purpose <> 'measure', arm, scenario, point_number, position;
