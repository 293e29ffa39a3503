-- Purpose: every package in the cells of the experiments with a trial of the scenarios in $scenarios.
SELECT package.*
FROM package
WHERE EXISTS (
    FROM trial
    WHERE trial.experiment_id = package.experiment_id AND list_contains($scenarios, trial.scenario)
)
ORDER BY ALL;
