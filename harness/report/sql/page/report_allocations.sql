-- Purpose: what was allocated and alive at the memory peak: for each arm and scenario the ten places with the
-- most memory, summed over the workers looked at, in MiB.
WITH place AS (
    SELECT
        scenario, point, point_number, arm, label,
        allocation.function,
        regexp_replace(
            regexp_replace(allocation.file, '^.*/(site-packages|lib/python[0-9.]+)/', ''),
            '^/.*/(tasks/)', '\1'
        ) AS file,
        allocation.line,
        sum(allocation.bytes) / 1048576 AS mib,
        sum(allocation.count) AS allocations
    FROM allocation
    JOIN shown_trial USING (trial_id)
    GROUP BY ALL
)
SELECT place.*
FROM place
WINDOW ranked AS (
    PARTITION BY scenario, point, arm ORDER BY mib DESC, function, file, line
)
QUALIFY row_number() OVER ranked <= 10
ORDER BY scenario DESC, point_number, arm, mib DESC, function, file, line;
