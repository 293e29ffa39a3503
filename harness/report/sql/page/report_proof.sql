-- Purpose: the latest validate session's checks, missed ones first.
SELECT
    proof.* EXCLUDE (experiment_id, position),
    strftime(experiment.created_at, '%Y-%m-%d') AS day,
    experiment.size
FROM proof
JOIN experiment USING (experiment_id)
WHERE experiment_id = (
    SELECT arg_max(experiment_id, (created_at, experiment_id))
    FROM experiment
    WHERE command = 'validate' AND experiment_id IN (SELECT experiment_id FROM proof)
)
ORDER BY passed, position;
