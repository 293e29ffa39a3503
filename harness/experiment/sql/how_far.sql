-- Purpose: how far an experiment has come that goes on: the last trial's number, and how often a load was run again
-- because it was disturbed, which what was cut off was not.
WITH loads AS (
    SELECT
        max(position) AS position,
        bool_or(purpose = 'broken') AS broken,
        bool_or(coalesce(list_has_any($reasons, string_split(reason, '; ')), false)) AS cut_off
    FROM trial
    WHERE experiment_id = $experiment
    GROUP BY block, scenario, point
)
SELECT coalesce(max(position), 0), count(*) FILTER (broken AND NOT cut_off)
FROM loads;
