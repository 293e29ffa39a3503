-- Purpose: every experiment, the latest first: what it was, its arms and scenarios, how many of its measuring
-- trials are ok.
SELECT
    experiment_id, command, size, factor, created_at,
    string_agg(DISTINCT framework || ' ' || framework_version, ', ' ORDER BY framework || ' ' || framework_version) AS frameworks,
    string_agg(DISTINCT scenario, ', ' ORDER BY scenario) AS scenarios,
    count(*) FILTER (purpose = 'measure') AS trials,
    count(*) FILTER (purpose = 'measure' AND status = 'ok') AS ok
FROM experiment
LEFT JOIN trial USING (experiment_id)
GROUP BY ALL
ORDER BY created_at DESC;
