-- Purpose: the functions with the most py-spy samples of their own, ten an arm and scenario, as a share of the pass.
WITH own AS (
    SELECT
        framework, framework_version, scenario, point,
        regexp_replace(regexp_extract(frames, '[^;]*$'), ':\d+\)$', ')') AS function,
        sum(stack.value) AS samples
    FROM stack
    JOIN trial USING (trial_id)
    WHERE tool = 'py-spy'
    GROUP BY ALL
)
SELECT
    framework, framework_version, scenario, point, function, samples,
    round(samples / sum(samples) OVER pass, 3) AS share
FROM own
WINDOW pass AS (PARTITION BY framework, framework_version, scenario, point)
QUALIFY row_number() OVER (
    PARTITION BY framework, framework_version, scenario, point ORDER BY samples DESC, function
) <= 10
ORDER BY framework, framework_version, scenario, point, samples DESC, function;
