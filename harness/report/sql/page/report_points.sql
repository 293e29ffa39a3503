-- Purpose: single trials behind the charts: one row an ok measuring trial and charted metric ($names), units as
-- in report_metrics, with the offered load (tasks/s) of an open loop.
SELECT
    shown_trial.scenario,
    shown_trial.point,
    shown_trial.load_fraction,
    shown_trial.capacity * shown_trial.load_fraction AS offered,
    shown_trial.arm,
    shown_trial.label,
    metric.name,
    metric.value / CASE metric.unit WHEN 'bytes' THEN 1048576 ELSE 1 END AS value
FROM shown_trial
JOIN metric USING (trial_id)
WHERE shown_trial.purpose = 'measure'
  AND shown_trial.status = 'ok'
  AND list_contains($names, metric.name)
ORDER BY scenario, point_number, arm, name, position;
