-- Purpose: every series of releases, by framework: since when, how many steps show, the experiments that looked at them
-- again, and its releases that could not be measured with the reason.
SELECT
    experiment_id,
    json_extract_string(options, '$.framework') AS framework,
    json_extract_string(options, '$.since') AS since,
    (
        SELECT count(DISTINCT before_arm) FROM change_point WHERE change_point.experiment_id = experiment.experiment_id
    ) AS candidates,
    (
        SELECT coalesce(list(fresh.experiment_id ORDER BY fresh.created_at), [])
        FROM experiment AS fresh
        WHERE json_extract_string(fresh.options, '$.confirms') = experiment.experiment_id
    ) AS fresh,
    (
        SELECT coalesce(list({'version': framework_version, 'why': reason} ORDER BY arm_number, scenario), [])
        FROM trial
        WHERE trial.experiment_id = experiment.experiment_id AND status = 'gap'
    ) AS left_out
FROM experiment
WHERE command = 'series' AND json_extract(options, '$.confirms') IS NULL
ORDER BY framework, created_at DESC;
