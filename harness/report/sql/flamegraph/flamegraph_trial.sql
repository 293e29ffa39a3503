-- Purpose: what a trial of any purpose measured, to find the profiler passes beside it.
SELECT experiment_id, arm_number, scenario, point, purpose, framework, framework_version
FROM trial
WHERE trial_id = $trial;
