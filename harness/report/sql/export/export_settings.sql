-- Purpose: what the workers of every trial of the scenarios in $scenarios were asked to be, and what they said they are.
SELECT setting.*
FROM setting
JOIN trial USING (trial_id)
WHERE list_contains($scenarios, trial.scenario)
ORDER BY setting.trial_id, setting.pid, setting.source, setting.name;
