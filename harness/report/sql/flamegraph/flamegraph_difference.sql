-- Purpose: every stack of the table flame with its value and share on either side, and the share gained (lost: below
-- 0) from base to head. Each side's shares sum to 1, so the gains sum to 0.
SELECT
    frames,
    coalesce(sum(value) FILTER (side = 'base'), 0)::BIGINT AS base,
    coalesce(sum(value) FILTER (side = 'head'), 0)::BIGINT AS head,
    coalesce(sum(share) FILTER (side = 'base'), 0) AS base_share,
    coalesce(sum(share) FILTER (side = 'head'), 0) AS head_share,
    head_share - base_share AS gained
FROM flame
GROUP BY frames
ORDER BY frames;
