-- Purpose: what long trials of the scenarios in $scenarios kept every minute while they ran.
SELECT checkpoint.*
FROM checkpoint
JOIN trial USING (trial_id)
WHERE list_contains($scenarios, trial.scenario)
ORDER BY checkpoint.trial_id, checkpoint.number, checkpoint.name;
