-- Purpose: experiments behind the figures shown: when, what command and which size, by scenario and arm.
SELECT
    shown.scenario, shown.arm, shown.experiment_id,
    strftime(experiment.created_at, '%Y-%m-%d %H:%M') AS day,
    experiment.command, experiment.size
FROM shown
JOIN experiment USING (experiment_id)
ORDER BY shown.scenario, shown.arm;
