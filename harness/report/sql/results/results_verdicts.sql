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
    SELECT DISTINCT trial.experiment_id, trial.scenario, trial.arm_number, arm.label
    FROM trial
    JOIN arm USING (
        framework, framework_version, python_version, broker, provider, topology_profile, variant
    )
    JOIN shown ON shown.arm = arm.arm AND shown.scenario = trial.scenario
    WHERE shown.experiment_id <> trial.experiment_id
)
SELECT
    judged.*,
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
