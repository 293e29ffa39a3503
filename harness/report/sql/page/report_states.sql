-- Purpose: one row a scenario, load and arm: how many measuring trials there are, how many are ok, what load was
-- offered (tasks/s), and the first reason why one is not ok. loads_differ: arms got different absolute loads.
WITH state AS (
    SELECT
        scenario, point, point_number, arm, label, load_fraction,
        count(*) AS trials,
        count(*) FILTER (status = 'ok') AS ok,
        count(*) FILTER (status = 'invalid') AS invalid,
        count(*) FILTER (status = 'failed') AS failed,
        count(*) FILTER (status = 'gap') AS gap,
        median(capacity) AS capacity,
        median(capacity * load_fraction) AS offered,
        arg_min(coalesce(reason, 'no reason stored'), position) FILTER (status <> 'ok') AS reason
    FROM shown_trial
    WHERE purpose = 'measure'
    GROUP BY ALL
)
SELECT
    *,
    max(offered) OVER same_load > 1.01 * min(offered) OVER same_load AS loads_differ
FROM state
WINDOW same_load AS (PARTITION BY scenario, point)
ORDER BY scenario, point_number, arm;
