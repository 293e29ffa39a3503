-- Purpose: temporary table load: from when to when (ns) the load of each shown measuring trial lasted.
CREATE OR REPLACE TEMP TABLE load AS
SELECT
    shown_trial.scenario,
    shown_trial.point,
    shown_trial.point_number,
    shown_trial.arm,
    shown_trial.label,
    shown_trial.trial_id,
    shown_trial.status,
    min(task_record.send_ns) AS begin_ns,
    greatest(max(task_record.end_ns), max(task_record.ack_ns)) AS end_ns
FROM task_record
JOIN shown_trial USING (trial_id)
WHERE shown_trial.purpose = 'measure'
GROUP BY ALL;
