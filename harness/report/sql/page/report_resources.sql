-- Purpose: CPU (cores) and memory (PSS, MiB) of workers and broker over the load of each measuring trial, not-ok ones
-- too: CPU used by the time it took and mean memory in at most 40 bins, against seconds since the load began. A sample
-- after which a role has used less CPU than before it (a process was killed) gives no CPU.
WITH sampled AS (
    SELECT
        trial_id,
        role,
        at_ns,
        pss_bytes,
        cpu_s - lag(cpu_s) OVER earlier AS used_s,
        (at_ns - lag(at_ns) OVER earlier) / 1e9 AS took_s
    FROM resource_sample
    WHERE role IN ('workers', 'broker')
    WINDOW earlier AS (PARTITION BY trial_id, role ORDER BY at_ns)
)
SELECT
    load.* EXCLUDE (begin_ns, end_ns),
    floor((sampled.at_ns - begin_ns) / ((end_ns - begin_ns) / 40.0))::INTEGER AS bin,
    avg(sampled.at_ns - begin_ns) / 1e9 AS second,
    sampled.role,
    sum(used_s) FILTER (used_s >= 0) / sum(took_s) FILTER (used_s >= 0 AND took_s > 0) AS cores,
    avg(sampled.pss_bytes) / 1048576 AS pss
FROM sampled
JOIN load USING (trial_id)
WHERE sampled.at_ns BETWEEN begin_ns AND end_ns AND end_ns > begin_ns
GROUP BY ALL
ORDER BY scenario, point_number, arm, trial_id, role, bin;
