-- Purpose: macro sum_where: what the rows of a group that a condition holds for come to, 0 where there are none.
CREATE OR REPLACE TEMP MACRO sum_where(amount, holds) AS coalesce(sum(amount) FILTER (holds), 0);
