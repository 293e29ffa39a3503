-- Purpose: steps of series of releases that new blocks of the two neighbours established, by the series.
SELECT
    json_extract_string(options, '$.confirms') AS experiment_id, scenario, point, metric,
    baseline, candidate, ratio, low, high, sentence
FROM verdict
JOIN experiment USING (experiment_id)
WHERE json_extract_string(options, '$.confirms') IN (FROM wanted)
  AND kind IN ('faster', 'slower')
ORDER BY experiment_id DESC, scenario DESC, point_number, metric, baseline_arm;
