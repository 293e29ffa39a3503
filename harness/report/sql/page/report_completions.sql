-- Purpose: tasks completed a second over the load of each measuring trial of the scenarios with a fault, not-ok ones
-- too: in at most 80 equal bins of half a second or more, silent ones at 0; a task done twice counts twice. fault_s and
-- well_s: when the fault was made and when the trial was well again, in seconds since the load began; NULL where no
-- metric says.
WITH faulted AS (
    SELECT
        load.*,
        greatest(1, least(80, (end_ns - begin_ns) // 500_000_000)) AS bins,
        fault.value AS fault_s,
        fault.value + recovered.value AS well_s
    FROM load
    LEFT JOIN metric AS fault ON fault.trial_id = load.trial_id AND fault.name = 'fault_after'
    LEFT JOIN metric AS recovered
        ON recovered.trial_id = load.trial_id AND recovered.name = 'time_to_recover'
    WHERE list_contains($with_fault, load.scenario) AND end_ns > begin_ns
),
counted AS (
    SELECT
        faulted.trial_id,
        least(bins - 1, (task_record.end_ns - begin_ns) * bins // (faulted.end_ns - begin_ns)) AS bin,
        count(*) AS tasks
    FROM task_record
    JOIN faulted USING (trial_id)
    WHERE task_record.outcome = 'ok'
    GROUP BY ALL
),
binned AS (
    SELECT
        * EXCLUDE (begin_ns, end_ns, bins),
        (end_ns - begin_ns) / 1e9 / bins AS width_s,
        unnest(range(bins)) AS bin
    FROM faulted
)
SELECT
    binned.* EXCLUDE (bin, width_s, fault_s, well_s),
    bin,
    (bin + 0.5) * width_s AS second,
    coalesce(counted.tasks, 0) / width_s AS rate,
    fault_s,
    well_s
FROM binned
LEFT JOIN counted USING (trial_id, bin)
ORDER BY scenario, point_number, arm, trial_id, bin;
