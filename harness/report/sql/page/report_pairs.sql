-- Purpose: what interleaved experiments say of two arms of the page, the latest first: ratio candidate / baseline with
-- its 95 % interval, the number of blocks, and which arm's workers kept to cores of their own (--pin).
WITH pinned AS (
    SELECT DISTINCT (experiment_id, arm_number, scenario, point) AS arm
    FROM trial
    JOIN metric USING (trial_id)
    WHERE purpose = 'measure' AND name = 'workers_pinned' AND value > 0
)
SELECT
    scenario, point, metric, page_baseline AS baseline, page_candidate AS candidate,
    kind, ratio, low, high, n, size,
    (experiment_id, baseline_arm, scenario, point) IN (FROM pinned) AS baseline_pinned,
    (experiment_id, candidate_arm, scenario, point) IN (FROM pinned) AS candidate_pinned
FROM shown_verdict
WHERE page_baseline IS NOT NULL AND page_candidate IS NOT NULL
ORDER BY created_at DESC, scenario, point_number, metric, page_baseline, page_candidate;
