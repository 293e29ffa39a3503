-- Purpose: every shown trial that is not ok, of any purpose, with its reason; excluded from every figure.
SELECT told.* EXCLUDE (reason, remarks, place), reason AS words
FROM told
WHERE status <> 'ok'
ORDER BY place;
