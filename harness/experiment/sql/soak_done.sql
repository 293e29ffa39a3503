-- Purpose: how far a soak has come: its minutes with a checkpoint, over all its trials, and the last trial's number.
SELECT
    count(DISTINCT (trial.trial_id, checkpoint.number)) FILTER (checkpoint.number IS NOT NULL),
    coalesce(max(trial.position), 0)
FROM trial
LEFT JOIN checkpoint USING (trial_id)
WHERE trial.experiment_id = $experiment;
