-- Purpose: what surrounded every trial of the scenarios in $scenarios, one row a trial and field.
SELECT environment.trial_id, environment.name, environment.value
FROM environment
JOIN trial USING (trial_id)
WHERE list_contains($scenarios, trial.scenario)
ORDER BY environment.trial_id, environment.name;
