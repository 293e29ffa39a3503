-- Purpose: tasks at the broker in each measuring trial, whatever its status: the most that waited, the most in flight,
-- and what still waited at the last look (a load that was too much leaves some).
SELECT
    trial_id, framework, framework_version, scenario, point, status,
    max(pending) AS most_waiting,
    max(in_flight) AS most_in_flight,
    arg_max(pending, at_ns) AS waiting_at_the_end
FROM depth_sample
JOIN trial USING (trial_id)
WHERE purpose = 'measure'
GROUP BY ALL
ORDER BY any_value(started_at) DESC, trial_id;
