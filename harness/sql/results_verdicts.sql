-- Purpose: verdicts of the latest interleaved experiment that has one on $scenario, or on anything when that is NULL.
WITH judged AS (
    SELECT
        verdict.*,
        strftime(experiment.created_at, '%Y-%m-%d %H:%M') AS day,
        experiment.created_at, experiment.command, experiment.size
    FROM verdict
    JOIN experiment USING (experiment_id)
    WHERE $scenario IS NULL OR verdict.scenario = $scenario
)
SELECT *
FROM judged
WHERE experiment_id = (SELECT arg_max(experiment_id, (created_at, experiment_id)) FROM judged)
ORDER BY scenario DESC, point_number, metric, baseline_arm, candidate_arm;
