-- Purpose: how far a killed comparison has come: the last trial's number, and how often a load was run again.
SELECT
    coalesce(max(position), 0),
    count(DISTINCT (block, scenario, point)) FILTER (purpose = 'broken')
FROM trial
WHERE experiment_id = $experiment;
