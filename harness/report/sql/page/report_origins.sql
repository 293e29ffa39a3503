-- Purpose: where the figures of the page come from: of each scenario and arm the experiment that is shown.
SELECT scenario, arm, experiment_id, experiment.command
FROM shown
JOIN experiment USING (experiment_id)
ORDER BY scenario, arm;
