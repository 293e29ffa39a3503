-- Purpose: the experiment that looked again at the steps of a series, with the arms of the series before and after each step.
SELECT experiment_id, json_extract(options, '$.steps')
FROM experiment
WHERE json_extract_string(options, '$.confirms') = $experiment
ORDER BY created_at DESC
LIMIT 1;
