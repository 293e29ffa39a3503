-- Purpose: every asked setting that a running worker had otherwise or that nobody read back, with its values.
SELECT
    shown_trial.arm,
    shown_trial.label,
    setting.name,
    setting.asked,
    coalesce(setting.effective, 'not read back') AS effective,
    count(DISTINCT trial_id) AS trials
FROM shown_trial
JOIN setting USING (trial_id)
WHERE setting.asked IS NOT NULL AND setting.effective IS DISTINCT FROM setting.asked
GROUP BY ALL
ORDER BY label, name, asked, effective;
