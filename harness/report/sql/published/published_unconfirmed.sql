-- Purpose: what new blocks of two neighbours of a series of releases do not establish as a step.
SELECT
    json_extract_string(options, '$.confirms') AS experiment_id, scenario, point, metric,
    baseline, candidate, ratio, low, high
FROM verdict
JOIN experiment USING (experiment_id)
WHERE command = 'series' AND kind NOT IN ('faster', 'slower')
ORDER BY experiment_id DESC, scenario DESC, point_number, metric, baseline_arm;
