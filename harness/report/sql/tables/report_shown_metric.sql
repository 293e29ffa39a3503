-- Purpose: view shown_metric: every metric of the ok measuring trials shown, in the units of a reader. The trial is the
-- unit of analysis: figures are medians over these rows.
CREATE OR REPLACE TEMP VIEW shown_metric AS
SELECT
    shown_trial.*,
    metric.name,
    shown_unit(metric.unit) AS unit,
    shown_value(metric.value, metric.unit) AS value
FROM shown_trial
JOIN metric USING (trial_id)
WHERE shown_trial.purpose = 'measure' AND shown_trial.status = 'ok';
