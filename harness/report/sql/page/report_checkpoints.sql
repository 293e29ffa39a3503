-- Purpose: what soaks kept every minute, in order; bytes as MiB. Trials that ended early are there too.
SELECT
    scenario, point, point_number, arm, label, trial_id, status,
    checkpoint.number,
    checkpoint.name,
    shown_value(checkpoint.value, checkpoint.unit) AS value,
    shown_unit(checkpoint.unit) AS unit
FROM checkpoint
JOIN shown_trial USING (trial_id)
WHERE shown_trial.purpose = 'measure'
ORDER BY scenario, name, arm, trial_id, number;
