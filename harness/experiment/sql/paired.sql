-- Purpose: what a comparison is judged on: each arm's value of a metric in each block of an experiment.
SELECT trial.block, trial.arm_number, trial.scenario, trial.point, metric.name, metric.value
FROM trial JOIN metric USING (trial_id)
WHERE trial.experiment_id = $experiment AND trial.purpose = $purpose
ORDER BY trial.scenario, trial.point_number, metric.name, trial.block, trial.arm_number;
