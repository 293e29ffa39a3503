-- Purpose: every metric over the ok measuring trials of an experiment, scenario, load and arm: median, range, number
-- of trials, units as stored. latest: no later experiment measured this arm in this scenario.
SELECT
    trial.experiment_id,
    shown.arm IS NOT NULL AS latest,
    trial.scenario, trial.point, trial.point_number, trial.load_fraction,
    arm.arm, arm.label,
    metric.name AS metric, metric.unit,
    count(*) AS trials,
    median(metric.value) AS median,
    min(metric.value) AS low,
    max(metric.value) AS high
FROM trial
JOIN arm USING (
    framework, framework_version, python_version, broker, provider, topology_profile, variant
)
JOIN metric USING (trial_id)
LEFT JOIN shown
    ON shown.arm = arm.arm
    AND shown.scenario = trial.scenario
    AND shown.experiment_id = trial.experiment_id
WHERE trial.purpose = 'measure' AND trial.status = 'ok' AND trial.experiment_id IN (FROM wanted)
  AND list_contains($scenarios, trial.scenario) AND isfinite(metric.value)
GROUP BY ALL
ORDER BY
    trial.scenario, trial.point_number, trial.point, arm.arm, trial.experiment_id, metric.name;
