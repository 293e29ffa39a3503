-- Purpose: the functions with the most py-spy samples of their own, ten per pass, the latest pass first, as a share of the
-- pass.
WITH own AS (
    SELECT
        trial_id,
        regexp_replace(regexp_extract(frames, '[^;]*$'), ':\d+\)$', ')') AS function,
        sum(value) AS samples
    FROM stack
    WHERE tool = 'py-spy'
    GROUP BY ALL
)
SELECT
    trial_id, size, framework, framework_version, python_version, scenario, point, function, samples,
    round(samples / sum(samples) OVER pass, 3) AS share
FROM own
JOIN trial USING (trial_id)
JOIN experiment USING (experiment_id)
WINDOW pass AS (PARTITION BY trial_id)
QUALIFY row_number() OVER (PARTITION BY trial_id ORDER BY samples DESC, function) <= 10
ORDER BY started_at DESC, trial_id, samples DESC, function;
