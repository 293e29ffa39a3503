-- Purpose: verdicts of interleaved experiments, the latest of each pair and metric, with the places
-- (percent of the plot's width) where a forest plot on a log axis draws ratio, interval and margin.
WITH ranged AS (
    -- The axis reaches the farthest interval end, but no farther than a factor of 1.5, so that one
    -- large difference does not flatten all small ones; marks beyond it stand at the edge.
    SELECT least(greatest(
        coalesce(max(greatest(abs(ln(low)), abs(ln(high)))), 0), 2 * ln(1 + max(margin))
    ) * 1.05, ln(1.5)) AS reach
    FROM shown_verdict
),
placed AS (
    SELECT *, list_transform(
        [ln(ratio), ln(low), ln(high), -ln(1 + margin), ln(1 + margin)],
        lambda x: round(50 + 50 * greatest(-1, least(1, x / reach)), 2)
    ) AS places
    FROM shown_verdict, ranged
)
SELECT experiment_id, scenario, point, metric, baseline, candidate,
       strftime(created_at, '%Y-%m-%d %H:%M') AS day, size, factor, kind, ratio, sentence,
       list_filter([page_baseline, page_candidate], lambda arm: arm IS NOT NULL) AS page_arms,
       places[1] AS at_ratio, places[2] AS at_low, places[3] AS at_high,
       places[4] AS at_margin_low, places[5] AS at_margin_high,
       round(exp(-reach), 2) AS axis_low,
       round(exp(reach), 2) AS axis_high
FROM placed
ORDER BY created_at DESC, baseline, candidate, scenario DESC, point_number, metric;
