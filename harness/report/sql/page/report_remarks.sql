-- Purpose: remarks on shown trials: flags that do not void them.
SELECT told.* EXCLUDE (reason, remarks, place), remarks AS words
FROM told
WHERE remarks IS NOT NULL
ORDER BY place;
