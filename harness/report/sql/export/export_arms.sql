-- Purpose: arms with a measuring trial of the scenarios in $scenarios, by their number within this export.
SELECT arm.* EXCLUDE (series)
FROM arm
WHERE EXISTS (
    FROM arm_trial
    WHERE arm_trial.arm = arm.arm
      AND list_contains($scenarios, arm_trial.scenario)
      AND arm_trial.purpose = 'measure'
)
ORDER BY arm.arm;
