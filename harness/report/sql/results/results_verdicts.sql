-- Purpose: verdicts of the latest interleaved experiment that has one on $scenario, or on anything when that is NULL.
-- later: arms of the verdict whose figures, as shown, are of a later experiment (of table shown).
WITH judged AS (
    SELECT
        verdict.*,
        strftime(experiment.created_at, '%Y-%m-%d %H:%M') AS day,
        experiment.created_at, experiment.command, experiment.size
    FROM verdict
    JOIN experiment USING (experiment_id)
    WHERE $scenario IS NULL OR verdict.scenario = $scenario
),
measured_again AS (
    SELECT DISTINCT arm_trial.experiment_id, arm_trial.scenario, arm_trial.arm_number, arm_trial.label
    FROM arm_trial
    JOIN shown USING (arm, scenario)
    WHERE shown.experiment_id <> arm_trial.experiment_id
)
SELECT
    day, command, size, scenario, point, kind, sentence, cross_check,
    (
        SELECT string_agg(label, ', ' ORDER BY label)
        FROM measured_again AS again
        WHERE again.experiment_id = judged.experiment_id
          AND again.scenario = judged.scenario
          AND again.arm_number IN (judged.baseline_arm, judged.candidate_arm)
    ) AS later
FROM judged
WHERE experiment_id = (SELECT arg_max(experiment_id, (created_at, experiment_id)) FROM judged)
ORDER BY scenario DESC, point_number, metric, baseline_arm, candidate_arm;
