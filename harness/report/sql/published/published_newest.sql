-- Purpose: of each of $scenarios, framework and broker keep the trials of the newest experiment that measured it, and
-- none of other scenarios.
WITH newest AS (
    SELECT
        scenario, framework, variant, broker, topology_profile,
        arg_max(experiment_id, (created_at, experiment_id)) AS experiment_id
    FROM trial
    JOIN experiment USING (experiment_id)
    WHERE purpose = 'measure' AND list_contains($scenarios, scenario)
    GROUP BY ALL
)
DELETE FROM trial
WHERE NOT EXISTS (
    FROM newest
    WHERE (newest.scenario, newest.framework, newest.variant, newest.broker, newest.topology_profile)
        = (trial.scenario, trial.framework, trial.variant, trial.broker, trial.topology_profile)
      AND newest.experiment_id = trial.experiment_id
);
