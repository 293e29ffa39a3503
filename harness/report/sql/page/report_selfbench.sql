-- Purpose: what the harness itself costs, from the latest selfbench in the file; no rows without one.
WITH latest AS (
    SELECT trial_id, experiment_id, remarks
    FROM trial
    WHERE purpose = 'selfbench' AND scenario = 'selfbench'
    ORDER BY started_at DESC
    LIMIT 1
)
SELECT metric.name, metric.value, metric.unit, latest.remarks,
       strftime(experiment.created_at, '%Y-%m-%d') AS day
FROM latest
JOIN metric USING (trial_id)
JOIN experiment USING (experiment_id)
ORDER BY metric.name;
