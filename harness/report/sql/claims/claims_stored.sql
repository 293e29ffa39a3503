-- Purpose: what claims are answered from: a row a measuring trial and metric of an experiment, with what tells its
-- arm from others; of a trial that is not ok one row without a metric.
SELECT
    experiment_id, framework, framework_version, variant, topology_profile, broker, scenario, point, block, status,
    reason,
    CASE WHEN status = 'ok' THEN metric.name END AS metric,
    CASE WHEN status = 'ok' THEN metric.value END AS value
FROM trial
LEFT JOIN metric USING (trial_id)
WHERE purpose = 'measure' AND experiment_id = $experiment
ORDER BY position, metric;
