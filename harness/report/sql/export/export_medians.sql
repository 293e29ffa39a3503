-- Purpose: every metric over the ok measuring trials of an experiment, scenario, load and arm: median, range, number
-- of trials, units as stored. latest: no later experiment measured this arm in this scenario.
SELECT
    arm_trial.experiment_id,
    shown.arm IS NOT NULL AS latest,
    arm_trial.scenario, arm_trial.point, arm_trial.point_number, arm_trial.load_fraction,
    arm_trial.arm, arm_trial.label,
    metric.name AS metric, metric.unit,
    count(*) AS trials,
    median(metric.value) AS median,
    min(metric.value) AS low,
    max(metric.value) AS high
FROM arm_trial
JOIN metric USING (trial_id)
LEFT JOIN shown
    ON shown.arm = arm_trial.arm
    AND shown.scenario = arm_trial.scenario
    AND shown.experiment_id = arm_trial.experiment_id
WHERE arm_trial.purpose = 'measure' AND arm_trial.status = 'ok' AND arm_trial.experiment_id IN (FROM wanted)
  AND list_contains($scenarios, arm_trial.scenario) AND isfinite(metric.value)
GROUP BY ALL
ORDER BY
    arm_trial.scenario, arm_trial.point_number, arm_trial.point, arm_trial.arm, arm_trial.experiment_id, metric.name;
