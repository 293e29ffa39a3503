-- Purpose: the values of an experiment's metrics by arm and load, for a ratio across experiments.
SELECT
    arm_number,
    framework || ' ' || framework_version || if(variant = '', '', '@' || variant) AS label,
    scenario,
    point,
    metric.name,
    list(metric.value ORDER BY trial.position)
FROM trial
JOIN metric USING (trial_id)
WHERE experiment_id = $experiment AND purpose = 'measure' AND status = 'ok'
GROUP BY arm_number, label, scenario, point, metric.name
ORDER BY arm_number, scenario, min(point_number), metric.name;
