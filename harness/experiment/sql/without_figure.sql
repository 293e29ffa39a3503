-- Purpose: arms that have no valid trial at a load of an experiment though they can do it, with the last reason.
SELECT scenario, point, arm_number, arg_max(reason, position)
FROM trial
WHERE experiment_id = $experiment AND purpose = 'measure'
GROUP BY scenario, point, point_number, arm_number
HAVING count(*) FILTER (status IN ('ok', 'gap')) = 0
ORDER BY scenario, point_number, arm_number;
