-- Purpose: tasks at the broker over the load of each measuring trial, not-ok ones too (an overload shows here):
-- mean of pending and in-flight tasks in at most 40 bins, against seconds since the load began.
SELECT
    shown_trial.scenario,
    shown_trial.point,
    shown_trial.point_number,
    shown_trial.arm,
    shown_trial.label,
    shown_trial.trial_id,
    shown_trial.status,
    floor((depth_sample.at_ns - begin_ns) / ((end_ns - begin_ns) / 40.0)) AS bin,
    avg(depth_sample.at_ns - begin_ns) / 1e9 AS second,
    avg(depth_sample.pending + depth_sample.in_flight) AS tasks
FROM depth_sample
JOIN load USING (trial_id)
JOIN shown_trial USING (trial_id)
WHERE depth_sample.at_ns BETWEEN begin_ns AND end_ns AND end_ns > begin_ns
GROUP BY ALL
ORDER BY scenario, point_number, arm, trial_id, bin;
