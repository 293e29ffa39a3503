-- Purpose: what was allocated and alive at the memory peak: for each arm and scenario the ten places with the
-- most memory, summed over the workers looked at, in MiB.
WITH place AS (
    SELECT
        shown_trial.scenario,
        shown_trial.point,
        shown_trial.point_number,
        shown_trial.arm,
        shown_trial.label,
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
SELECT
    *,
    row_number() OVER (
        PARTITION BY scenario, point, arm ORDER BY mib DESC, function, file, line
    ) AS rank
FROM place
QUALIFY rank <= 10
ORDER BY scenario DESC, point_number, arm, rank;
