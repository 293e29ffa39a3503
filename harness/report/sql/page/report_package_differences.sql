-- Purpose: packages that arms of the page have in different versions, a row a package and arm; those that only one
-- arm has, or all have alike, are left out.
WITH installed AS (
    SELECT arm.arm, arm.label, package.name, string_agg(DISTINCT package.version, ', ' ORDER BY package.version) AS version
    FROM package
    JOIN arm USING (framework, framework_version, python_version)
    JOIN shown ON shown.arm = arm.arm AND shown.experiment_id = package.experiment_id
    GROUP BY ALL
)
SELECT name, arm, label, version
FROM installed
WINDOW same AS (PARTITION BY name)
QUALIFY min(version) OVER same <> max(version) OVER same
ORDER BY name, arm;
