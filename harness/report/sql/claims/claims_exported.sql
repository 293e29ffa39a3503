-- Purpose: the same rows as claims_stored of an export's files ($files, Parquet).
SELECT
    experiment_id, framework, framework_version, variant, topology_profile, broker, scenario, point, block, status,
    reason,
    CASE WHEN status = 'ok' THEN metric END AS metric,
    CASE WHEN status = 'ok' THEN value END AS value
FROM read_parquet($files)
WHERE purpose = 'measure' AND command = 'claims'
ORDER BY experiment_id, position, metric;
