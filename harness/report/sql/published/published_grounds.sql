-- Purpose: what each experiment was measured on: its day, its machine, the Pythons of its cells and its servers;
-- and what was typed.
SELECT
    experiment_id,
    CAST(min(experiment.created_at) AS DATE) AS day,
    any_value(value) FILTER (environment.name = 'cpu_model') AS cpu_model,
    any_value(value) FILTER (environment.name = 'cores') AS cores,
    list(DISTINCT python_version ORDER BY python_version) AS pythons,
    list(DISTINCT broker_version ORDER BY broker_version DESC) FILTER (broker_version IS NOT NULL) AS servers,
    any_value(command) AS command,
    any_value(options) AS options,
    any_value(experiment.seed) AS seed,
    any_value(harness_commit) AS commit
FROM trial
JOIN experiment USING (experiment_id)
LEFT JOIN environment USING (trial_id)
WHERE purpose = 'measure'
GROUP BY experiment_id;
