-- Purpose: every stack of the table flame with its value and share on either side, and the share gained (lost: below
-- 0) from base to head. Each side's shares sum to 1, so the gains sum to 0.
SELECT
    frames,
    sum_where(value, side = 'base')::BIGINT AS base,
    sum_where(value, side = 'head')::BIGINT AS head,
    sum_where(share, side = 'base') AS base_share,
    sum_where(share, side = 'head') AS head_share,
    head_share - base_share AS gained
FROM flame
GROUP BY frames
ORDER BY frames;
