-- Purpose: single trials behind the charts: one row an ok measuring trial and charted metric ($names), units as
-- in report_metrics.
SELECT scenario, point, point_number, arm, label, load_fraction, name, value
FROM shown_metric
WHERE list_contains($names, name)
ORDER BY scenario, point_number, arm, name, position;
