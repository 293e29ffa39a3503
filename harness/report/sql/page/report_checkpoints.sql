-- Purpose: what soaks kept every minute, in order; bytes as MiB. Trials that ended early are there too.
SELECT
    shown_trial.scenario,
    shown_trial.arm,
    shown_trial.label,
    shown_trial.trial_id,
    shown_trial.status,
    checkpoint.number,
    checkpoint.name,
    checkpoint.value / CASE checkpoint.unit WHEN 'bytes' THEN 1048576 ELSE 1 END AS value,
    CASE checkpoint.unit WHEN 'bytes' THEN 'MiB' ELSE checkpoint.unit END AS unit
FROM checkpoint
JOIN shown_trial USING (trial_id)
WHERE shown_trial.purpose = 'measure'
ORDER BY scenario, name, arm, trial_id, number;
