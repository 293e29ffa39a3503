-- Purpose: where the workers' time went: for each arm and scenario the ten functions with the most samples of
-- their own (innermost frame, lines of one function together) and their share of the pass's samples.
WITH leaf AS (
    SELECT
        shown_trial.scenario,
        shown_trial.point,
        shown_trial.point_number,
        shown_trial.arm,
        shown_trial.label,
        regexp_replace(regexp_extract(stack.frames, '[^;]*$'), ':\d+\)$', ')') AS function,
        stack.value
    FROM stack
    JOIN shown_trial USING (trial_id)
    WHERE stack.tool = 'py-spy'
),
own AS (
    SELECT scenario, point, point_number, arm, label, function, sum(value) AS samples
    FROM leaf
    GROUP BY ALL
)
SELECT
    *,
    samples / sum(samples) OVER (PARTITION BY scenario, point, arm) AS share,
    row_number() OVER (
        PARTITION BY scenario, point, arm ORDER BY samples DESC, function
    ) AS rank
FROM own
QUALIFY rank <= 10
ORDER BY scenario DESC, point_number, arm, rank;
