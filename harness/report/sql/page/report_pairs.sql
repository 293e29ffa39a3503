-- Purpose: what interleaved experiments say of two arms of the page, the latest first: ratio candidate / baseline with
-- its 95 % interval, and the number of blocks.
SELECT
    scenario, point, metric, page_baseline AS baseline, page_candidate AS candidate,
    kind, ratio, low, high, n, size
FROM shown_verdict
WHERE page_baseline IS NOT NULL AND page_candidate IS NOT NULL
ORDER BY created_at DESC, scenario, point_number, metric, page_baseline, page_candidate;
