-- Purpose: candidate change points of the version series shown.
SELECT change_point.*
FROM change_point
WHERE experiment_id IN (SELECT experiment_id FROM shown_verdict)
ORDER BY experiment_id DESC, scenario DESC, point_number, metric, before_arm;
