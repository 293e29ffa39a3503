-- Purpose: trials of any purpose that are not ok, the latest first, with the reason. No figure includes them.
SELECT trial_id, framework, framework_version, scenario, point, purpose, status, reason
FROM trial
WHERE status <> 'ok'
ORDER BY started_at DESC, trial_id;
