-- Purpose: settings asked of the workers against what they said they have, by arm: readings that agree, that
-- differ, and asked settings that no worker read back (all shown trials, profiler passes too).
SELECT
    shown_trial.arm,
    shown_trial.label,
    count(DISTINCT setting.name) AS settings,
    string_agg(DISTINCT setting.name, ', ' ORDER BY setting.name) AS names,
    count(*) FILTER (setting.effective = setting.asked) AS agree,
    count(*) FILTER (setting.effective <> setting.asked) AS differ,
    count(*) FILTER (setting.effective IS NULL) AS unread
FROM shown_trial
JOIN setting USING (trial_id)
WHERE setting.asked IS NOT NULL
GROUP BY ALL
ORDER BY arm;
