-- Purpose: what surrounded the shown measuring trials and stayed the same within a session, by name: its values
-- over all arms, and which arm had which where arms differ.
WITH seen AS (
    SELECT DISTINCT environment.name, environment.value, shown_trial.arm, shown_trial.label
    FROM shown_trial
    JOIN environment USING (trial_id)
    WHERE shown_trial.purpose = 'measure'
      AND environment.name IN (
          'cpu_model', 'cores', 'affinity', 'cgroup_quota', 'memory_bytes', 'kernel', 'platform',
          'virtualisation', 'clock_source', 'governor', 'turbo_off', 'boot_id', 'host_python'
      )
),
readable AS (
    SELECT
        * REPLACE (
            CASE
                WHEN name = 'memory_bytes' AND try_cast(value AS BIGINT) IS NOT NULL
                THEN format('{:.1f} GiB', try_cast(value AS BIGINT) / 1024 ** 3)
                ELSE value
            END AS value
        )
    FROM seen
)
SELECT
    replace(name, '_bytes', '') AS name,
    string_agg(DISTINCT value, '; ' ORDER BY value) AS value,
    count(DISTINCT value) > 1 AS differs
FROM readable
GROUP BY name
ORDER BY list_position(
    [
        'cpu_model', 'cores', 'affinity', 'cgroup_quota', 'memory_bytes', 'kernel', 'platform',
        'virtualisation', 'clock_source', 'governor', 'turbo_off', 'host_python', 'boot_id'
    ],
    readable.name
);
