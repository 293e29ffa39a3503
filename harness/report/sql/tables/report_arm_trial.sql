-- Purpose: view arm_trial: every trial with the number and label of its arm, NULL where that is not of the page.
CREATE OR REPLACE TEMP VIEW arm_trial AS
SELECT arm.arm, arm.label, trial.*
FROM trial
LEFT JOIN arm USING (
    framework, framework_version, python_version, broker, provider, topology_profile, variant
);
