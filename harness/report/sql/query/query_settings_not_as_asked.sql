-- Purpose: settings that differed in a running worker from what was asked, or that no worker read back.
SELECT
    experiment_id, framework, framework_version, scenario, setting.name, asked,
    coalesce(effective, 'not read back') AS effective,
    count(DISTINCT trial_id) AS trials
FROM setting
JOIN trial USING (trial_id)
WHERE asked IS NOT NULL AND effective IS DISTINCT FROM asked
GROUP BY ALL
ORDER BY experiment_id DESC, framework, framework_version, scenario, setting.name;
