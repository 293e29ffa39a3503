-- Purpose: what an experiment's trials of network_delay say of each arm's costs, for the simulation of more workers.
SELECT
    trial.arm_number, trial.framework, trial.framework_version, trial.variant, trial.broker, trial.point,
    trial.processes, trial.concurrency, metric.name, median(metric.value) AS value, any_value(machine.value) AS cores
FROM trial
JOIN metric USING (trial_id)
LEFT JOIN environment AS machine ON machine.trial_id = trial.trial_id AND machine.name = 'cores'
WHERE
    trial.experiment_id = $experiment
    AND trial.scenario = $scenario
    AND trial.purpose = 'measure'
    AND trial.status = 'ok'
GROUP BY ALL
ORDER BY trial.arm_number, trial.point, metric.name;
