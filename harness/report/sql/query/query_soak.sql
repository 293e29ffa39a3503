-- Purpose: what grew in each soak, per hour: the mean of the slopes of its trials (of one, or of as many as it had pieces),
-- the interval that all of theirs span, and what every one of them says. Sojourn in ms, memory in bytes.
WITH slope AS (
    SELECT
        trial_id, unit,
        regexp_replace(name, '_slope(_low|_high)?$', '') AS what,
        regexp_extract(name, '_slope(.*)$', 1) AS part,
        value
    FROM metric
    WHERE name LIKE '%\_slope%' ESCAPE '\'
),
wide AS (
    PIVOT slope ON part IN ('' AS middle, '_low' AS low, '_high' AS high)
    USING max(value) GROUP BY trial_id, what, unit
),
minutes AS (
    SELECT trial_id, max(number) AS minutes
    FROM checkpoint
    GROUP BY ALL
)
SELECT
    ok_trial.* EXCLUDE (trial_id, point, point_number, arm_number),
    what, unit,
    count(*) AS trials,
    sum(minutes) AS minutes,
    avg(middle) AS slope,
    min(low) AS low,
    max(high) AS high,
    CASE
        WHEN min(low) > 0 THEN 'grows'
        WHEN max(high) < 0 THEN 'shrinks'
        ELSE 'not told from nothing'
    END AS said
FROM wide
JOIN ok_trial USING (trial_id)
LEFT JOIN minutes USING (trial_id)
WHERE low IS NOT NULL -- the backlog's slope has no interval
GROUP BY ALL
ORDER BY experiment_id DESC, framework, framework_version, what;
