-- Purpose: arms with a measuring trial of the scenarios in $scenarios, by their number within this export.
SELECT DISTINCT arm.* EXCLUDE (series)
FROM arm
JOIN trial USING (
    framework, framework_version, python_version, broker, provider, topology_profile, variant
)
WHERE list_contains($scenarios, trial.scenario) AND trial.purpose = 'measure'
ORDER BY arm.arm;
