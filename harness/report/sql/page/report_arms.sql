-- Purpose: one row an arm: what it is, its broker and its topology, as its shown measuring trials have them.
SELECT
    framework,
    framework_version,
    variant,
    python_version,
    broker,
    provider,
    topology_profile,
    arm,
    label,
    coalesce(string_agg(DISTINCT broker_version, ', ' ORDER BY broker_version), 'never started') AS broker_version,
    string_agg(DISTINCT processes || ' × ' || concurrency, ', ' ORDER BY processes || ' × ' || concurrency) AS topology,
    string_agg(DISTINCT prefetch::VARCHAR, ', ' ORDER BY prefetch::VARCHAR) AS prefetch,
    string_agg(DISTINCT acks, ', ' ORDER BY acks) AS acks,
    -- A point that cannot be had has none.
    string_agg(DISTINCT topology_source, '; ' ORDER BY topology_source) FILTER (topology_source <> '') AS topology_source
FROM shown_trial
WHERE purpose = 'measure'
GROUP BY ALL
ORDER BY arm;
