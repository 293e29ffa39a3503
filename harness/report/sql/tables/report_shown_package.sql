-- Purpose: view shown_package: every package of the cells of the shown experiments, as installed.
CREATE OR REPLACE TEMP VIEW shown_package AS
SELECT DISTINCT arm.arm, arm.label, package.name, package.version
FROM package
JOIN arm USING (framework, framework_version, python_version)
JOIN shown ON shown.arm = arm.arm AND shown.experiment_id = package.experiment_id;
