-- Purpose: scenarios that the database has trials of, with the number of trials.
SELECT scenario, count(*) AS trials
FROM trial
GROUP BY ALL
ORDER BY scenario;
