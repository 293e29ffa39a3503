-- Purpose: packages that two experiments of the same framework version and Python had in different versions.
SELECT
    framework, framework_version, python_version, name,
    string_agg(DISTINCT version, ', ' ORDER BY version) AS versions,
    count(DISTINCT experiment_id) AS experiments
FROM package
GROUP BY ALL
HAVING count(DISTINCT version) > 1
ORDER BY framework, framework_version, python_version, name;
