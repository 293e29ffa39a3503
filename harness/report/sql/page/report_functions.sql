-- Purpose: where the workers' time went: for each arm and scenario the ten functions with the most samples of
-- their own (innermost frame, lines of one function together) and their share of the pass's samples.
WITH own AS (
    SELECT
        scenario, point, point_number, arm, label,
        regexp_replace(regexp_extract(stack.frames, '[^;]*$'), ':\d+\)$', ')') AS function,
        sum(stack.value) AS samples
    FROM stack
    JOIN shown_trial USING (trial_id)
    WHERE stack.tool = 'py-spy'
    GROUP BY ALL
)
SELECT
    own.*,
    samples / sum(samples) OVER one AS share
FROM own
WINDOW
    one AS (PARTITION BY scenario, point, arm),
    ranked AS (PARTITION BY scenario, point, arm ORDER BY samples DESC, function)
QUALIFY row_number() OVER ranked <= 10
ORDER BY scenario DESC, point_number, arm, samples DESC, function;
