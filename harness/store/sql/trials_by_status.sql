-- Purpose: how many trials have each status.
SELECT status, count(*) FROM trial GROUP BY status ORDER BY status DESC;
