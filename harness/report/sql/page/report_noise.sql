-- Purpose: how noisy the experiments behind the shown verdicts were: blocks, trials run again or not ok, spread between
-- blocks, and what the machine did meanwhile (the calibration kernel's range as a share of its median).
WITH asked AS (
    SELECT DISTINCT experiment_id, metric, created_at FROM shown_verdict
),
counted AS (
    SELECT
        experiment_id,
        count(DISTINCT block) FILTER (purpose = 'measure') AS blocks,
        count(*) FILTER (purpose = 'broken') AS again,
        count(*) FILTER (purpose = 'measure' AND status <> 'ok') AS not_ok,
        string_agg(DISTINCT reason, '; ' ORDER BY reason)
            FILTER (purpose = 'measure' AND status <> 'ok') AS reasons
    FROM trial
    GROUP BY ALL
),
spread AS (
    SELECT
        experiment_id, metric.name AS metric,
        stddev_samp(metric.value) / avg(metric.value) AS share
    FROM trial
    JOIN metric USING (trial_id)
    WHERE purpose = 'measure' -- as behind the verdicts: drifted trials too
    GROUP BY experiment_id, metric.name, arm_number, scenario, point
    HAVING avg(metric.value) > 0
),
widest AS (
    SELECT
        experiment_id,
        string_agg(
            metric || ' ' || format('{:.1f} %', 100 * share), ', ' ORDER BY metric
        ) AS spreads
    FROM (
        SELECT experiment_id, metric, max(share) AS share
        FROM spread
        JOIN asked USING (experiment_id, metric)
        GROUP BY ALL
    )
    GROUP BY ALL
),
numbers AS (
    SELECT experiment_id, environment.name, try_cast(environment.value AS DOUBLE) AS value
    FROM trial
    JOIN environment USING (trial_id)
    WHERE purpose = 'measure'
      AND environment.name IN (
          'foreign_cpu_percent', 'steal_percent', 'calibration_cpu_ms', 'calibration_round_trip_us'
      )
),
machine AS (
    SELECT
        experiment_id,
        max(value) FILTER (name = 'foreign_cpu_percent') AS foreign_cpu,
        max(value) FILTER (name = 'steal_percent') AS steal,
        100 * (max(value) FILTER (name = 'calibration_cpu_ms')
            - min(value) FILTER (name = 'calibration_cpu_ms'))
            / median(value) FILTER (name = 'calibration_cpu_ms') AS cpu_moved,
        100 * (max(value) FILTER (name = 'calibration_round_trip_us')
            - min(value) FILTER (name = 'calibration_round_trip_us'))
            / median(value) FILTER (name = 'calibration_round_trip_us') AS trip_moved
    FROM numbers
    GROUP BY ALL
)
SELECT DISTINCT ON (experiment_id)
    experiment_id, blocks, again, not_ok, reasons, spreads, foreign_cpu, steal, cpu_moved, trip_moved
FROM asked
JOIN counted USING (experiment_id)
LEFT JOIN widest USING (experiment_id)
LEFT JOIN machine USING (experiment_id)
ORDER BY experiment_id DESC;
