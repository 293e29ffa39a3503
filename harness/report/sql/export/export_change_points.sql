-- Purpose: every candidate change point on the scenarios in $scenarios.
SELECT *
FROM change_point
WHERE list_contains($scenarios, scenario)
ORDER BY experiment_id, scenario, point_number, metric, before_arm;
