-- Purpose: measuring trials, whatever their status, in which a task was lost, refused, failed, repeated or never issued.
SELECT
    trial_id, framework, framework_version, scenario, point, status,
    count(DISTINCT seq) AS tasks,
    count(DISTINCT seq) FILTER (outcome = 'lost') AS lost,
    count(DISTINCT seq) FILTER (outcome = 'refused') AS refused,
    count(*) FILTER (outcome = 'failed') AS failed_attempts,
    count(DISTINCT seq) FILTER (attempt > 1) AS repeated,
    count(DISTINCT seq) FILTER (outcome = 'unknown') AS never_issued
FROM task_record
JOIN trial USING (trial_id)
WHERE purpose = 'measure'
GROUP BY ALL
HAVING lost + refused + failed_attempts + repeated + never_issued > 0
ORDER BY trial_id DESC;
