-- Purpose: packages that arms of the page have in different versions, a row a package and arm; those that only one
-- arm has, or all have alike, are left out.
WITH installed AS (
    SELECT arm, label, name, string_agg(version, ', ' ORDER BY version) AS version
    FROM shown_package
    GROUP BY ALL
)
SELECT arm, label, name, version
FROM installed
WINDOW same AS (PARTITION BY name)
QUALIFY min(version) OVER same <> max(version) OVER same
ORDER BY name, arm;
