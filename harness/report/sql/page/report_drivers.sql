-- Purpose: brokers beside each other, for each framework that has ok measuring trials of a scenario on two of them at
-- least: single trials of the metrics in $by_broker (scenario, name), where loads are offered at the lowest.
WITH asked AS (
    SELECT unnest($by_broker, recursive := true)
),
several AS (
    SELECT
        shown_trial.scenario,
        arm.series,
        min(min(shown_trial.load_fraction)) OVER (PARTITION BY shown_trial.scenario) AS lowest
    FROM shown_trial
    JOIN arm USING (arm)
    WHERE purpose = 'measure' AND status = 'ok'
    GROUP BY shown_trial.scenario, arm.series
    HAVING count(DISTINCT shown_trial.broker) > 1
)
SELECT
    arm.series AS label,
    dense_rank() OVER (ORDER BY arm.series) AS arm,
    shown_metric.arm AS page_arm, -- what is one arm here is several on the page, one a broker
    shown_metric.scenario,
    shown_metric.broker,
    shown_metric.name,
    shown_metric.unit,
    shown_metric.value
FROM shown_metric
JOIN arm USING (arm)
JOIN asked ON asked.scenario = shown_metric.scenario AND asked.name = shown_metric.name
JOIN several ON several.scenario = shown_metric.scenario AND several.series = arm.series
WHERE shown_metric.load_fraction IS NOT DISTINCT FROM several.lowest
ORDER BY shown_metric.broker, arm, shown_metric.name, shown_metric.position;
