-- Purpose: seconds that trials of an arm took, by scenario, point and profiler: the median of the last five, for the
-- plan's time. Trials of any version of the framework; those of a search together, since each has another load.
WITH stored AS (
    SELECT
        scenario, duration_s, started_at,
        CASE WHEN purpose = 'search' THEN '' ELSE point END AS point,
        CASE WHEN purpose IN ('py-spy', 'memray', 'search') THEN purpose ELSE '' END AS tool
    FROM trial
    JOIN experiment USING (experiment_id)
    WHERE framework = $framework AND broker = $broker AND topology_profile = $profile
      AND variant = $variant AND size = $size AND status IN ('ok', 'invalid')
      AND purpose IN ('measure', 'calibrate', 'search', 'py-spy', 'memray') AND duration_s IS NOT NULL
),
latest AS (
    SELECT *
    FROM stored
    QUALIFY row_number() OVER (PARTITION BY scenario, point, tool ORDER BY started_at DESC) <= 5
)
SELECT scenario, point, tool, median(duration_s) AS seconds
FROM latest
GROUP BY ALL
ORDER BY ALL;
