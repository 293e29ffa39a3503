-- Purpose: the packages of each release that a series measured, the framework's own aside.
SELECT package.experiment_id, package.framework_version, package.name, package.version
FROM package
JOIN experiment USING (experiment_id)
WHERE command = 'series' AND package.name <> package.framework
ORDER BY package.experiment_id, package.name, package.framework_version;
