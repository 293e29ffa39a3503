-- Purpose: every function of the table flame with its share on either side and what it gained: its own share (it
-- is the innermost frame) and its inclusive one (it is anywhere in the stack; counted once where it recurs).
WITH split AS (
    SELECT side, share, string_split(frames, ';') AS frames FROM flame
),
part AS (
    SELECT side, frames[-1] AS function, share AS own, 0 AS inclusive FROM split
    UNION ALL
    SELECT side, unnest(list_distinct(frames)), 0, share FROM split
)
SELECT
    function,
    sum_where(own, side = 'base') AS base_self, sum_where(own, side = 'head') AS head_self,
    head_self - base_self AS gained_self,
    sum_where(inclusive, side = 'base') AS base_inclusive, sum_where(inclusive, side = 'head') AS head_inclusive,
    head_inclusive - base_inclusive AS gained_inclusive
FROM part
GROUP BY function
ORDER BY function;
