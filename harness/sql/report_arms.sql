-- Purpose: one row an arm: what it is, its broker and its topology, as its shown measuring trials have them.
SELECT
    arm,
    label,
    framework,
    framework_version,
    variant,
    python_version,
    broker,
    coalesce(string_agg(DISTINCT broker_version, ', '), 'never started') AS broker_version,
    provider,
    topology_profile,
    string_agg(DISTINCT processes || ' × ' || concurrency, ', ') AS topology,
    string_agg(DISTINCT prefetch::VARCHAR, ', ') AS prefetch,
    string_agg(DISTINCT acks, ', ') AS acks,
    string_agg(DISTINCT topology_source, '; ') AS topology_source
FROM shown_trial
WHERE purpose = 'measure'
GROUP BY ALL
ORDER BY arm;
