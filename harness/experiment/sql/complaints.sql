-- Purpose: trials of an experiment's blocks that are not ok: they withhold the verdict of their load.
SELECT block, arm_number, scenario, point, status, reason
FROM trial
WHERE experiment_id = $experiment AND purpose = $purpose AND status <> 'ok'
ORDER BY scenario, point_number, block, arm_number;
