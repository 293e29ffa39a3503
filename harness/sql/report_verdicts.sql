-- Purpose: verdicts of interleaved experiments, the latest of each pair and metric, with the places
-- (percent of the plot's width) where a forest plot on a log axis draws ratio, interval and margin.
WITH latest AS (
    SELECT verdict.*, experiment.created_at, experiment.size, experiment.factor
    FROM verdict JOIN experiment USING (experiment_id)
    QUALIFY row_number() OVER (
        PARTITION BY baseline, candidate, scenario, load_fraction, metric, size, factor
        ORDER BY experiment.created_at DESC
    ) = 1
),
ranged AS (
    -- The axis reaches the farthest interval end, or twice the widest margin where all are narrow.
    SELECT greatest(
        coalesce(max(greatest(abs(ln(low)), abs(ln(high)))), 0), 2 * ln(1 + max(margin))
    ) * 1.05 AS reach
    FROM latest
)
SELECT experiment_id, strftime(created_at, '%Y-%m-%d %H:%M') AS day, size, factor,
       scenario, load_fraction, metric, baseline, candidate, kind, margin, ratio, low, high, n,
       p_holm, sentence,
       round(50 + 50 * ln(ratio) / reach, 2) AS at_ratio,
       round(50 + 50 * ln(low) / reach, 2) AS at_low,
       round(50 + 50 * ln(high) / reach, 2) AS at_high,
       round(50 - 50 * ln(1 + margin) / reach, 2) AS at_margin_low,
       round(50 + 50 * ln(1 + margin) / reach, 2) AS at_margin_high,
       round(exp(-reach), 2) AS axis_low,
       round(exp(reach), 2) AS axis_high
FROM latest, ranged
ORDER BY created_at DESC, baseline, candidate, scenario DESC, load_fraction NULLS FIRST, metric;
