-- Purpose: what interleaved experiments say of the arms on the page: one row a verdict whose candidate is one of them.
SELECT experiment_id, scenario, point, metric, page_candidate AS arm, baseline, kind, size
FROM shown_verdict
WHERE page_candidate IS NOT NULL
ORDER BY created_at DESC;
