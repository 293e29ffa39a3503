-- Purpose: what claims are answered from: a row a measuring trial and metric of the experiments of claims, or of one
-- ($experiment), with what tells its arm from others; of a trial that is not ok one row without a metric.
SELECT
    framework, framework_version, variant, python_version, broker, provider, topology_profile,
    experiment_id, scenario, point, block, status, reason,
    CASE WHEN status = 'ok' THEN metric.name END AS metric,
    CASE WHEN status = 'ok' THEN metric.value END AS value
FROM trial
JOIN experiment USING (experiment_id)
LEFT JOIN metric USING (trial_id)
WHERE purpose = 'measure' AND command = 'claims' AND experiment_id = coalesce($experiment, experiment_id)
ORDER BY experiment.created_at, experiment_id, position, metric;
