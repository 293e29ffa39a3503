-- Purpose: the checks of the latest validate session, and of the latest that proved comparisons in turns; missed first.
SELECT
    proof.* EXCLUDE (experiment_id, position),
    strftime(experiment.created_at, '%Y-%m-%d') AS day,
    experiment.size
FROM proof
JOIN experiment USING (experiment_id)
WHERE experiment_id IN (
    SELECT arg_max(experiment_id, (created_at, experiment_id))
    FROM experiment
    WHERE command = 'validate' AND experiment_id IN (SELECT experiment_id FROM proof)
    GROUP BY size = 'turns'
)
ORDER BY passed, experiment.size = 'turns', position;
