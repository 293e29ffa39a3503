-- Purpose: tasks at the broker over the load of each measuring trial, not-ok ones too (an overload shows here):
-- mean of pending and in-flight tasks in at most 40 bins, against seconds since the load began.
SELECT
    load.* EXCLUDE (begin_ns, end_ns),
    floor((depth_sample.at_ns - begin_ns) / ((end_ns - begin_ns) / 40.0))::INTEGER AS bin,
    avg(depth_sample.at_ns - begin_ns) / 1e9 AS second,
    avg(depth_sample.pending + depth_sample.in_flight) AS tasks
FROM depth_sample
JOIN load USING (trial_id)
WHERE depth_sample.at_ns BETWEEN begin_ns AND end_ns AND end_ns > begin_ns
GROUP BY ALL
ORDER BY scenario, point_number, arm, trial_id, bin;
