-- Purpose: what looked like a step of a series of releases and was none by new blocks of the two neighbours, in words.
SELECT json_extract_string(options, '$.confirms') AS experiment_id, scenario, point, metric, sentence
FROM verdict
JOIN experiment USING (experiment_id)
WHERE command = 'series' AND kind NOT IN ('faster', 'slower', 'faster_uncertain', 'slower_uncertain')
ORDER BY experiment_id DESC, scenario DESC, point_number, metric, baseline_arm;
