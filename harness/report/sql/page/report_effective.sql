-- Purpose: what the workers said they are, by arm and setting, addresses of brokers aside.
SELECT
    shown_trial.arm,
    shown_trial.label,
    setting.name,
    string_agg(DISTINCT setting.effective, ', ' ORDER BY setting.effective) AS effective,
    bool_or(setting.asked IS NOT NULL) AS asked
FROM shown_trial
JOIN setting USING (trial_id)
WHERE setting.effective IS NOT NULL AND setting.name <> 'broker_url'
GROUP BY ALL
ORDER BY name, arm;
