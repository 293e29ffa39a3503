-- Purpose: what the latest block in turns that says how long turns are found, by load and arm: tasks/s, seconds until a turn had settled, and the cores of an arm (0: one worked at a time).
WITH found AS (
    PIVOT (
        SELECT trial_id, name, value
        FROM metric
        JOIN trial USING (trial_id)
        WHERE
            experiment_id = $experiment
            AND purpose = 'calibrate'
            AND name IN ('drain_rate', 'turn_settled', 'turn_cores')
    )
    ON name IN ('drain_rate', 'turn_settled', 'turn_cores')
    USING max(value)
)

SELECT
    scenario,
    point,
    arm_number,
    max_by(drain_rate, position) AS drain_rate,
    max_by(turn_settled, position) AS turn_settled,
    max_by(turn_cores, position)::INTEGER AS turn_cores
FROM found
JOIN trial USING (trial_id)
WHERE drain_rate > 0 AND turn_settled IS NOT NULL
GROUP BY ALL
ORDER BY ALL;
