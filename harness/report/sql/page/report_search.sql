-- Purpose: trials of each arm's latest search for the rate that holds an objective, with the bracket that their
-- majorities give: the lowest rate that fails, and the highest below it that holds.
WITH answered AS (
    SELECT
        arm, label, scenario, reason,
        max(value) FILTER (name = 'offered_rate') AS offered,
        max(value) FILTER (name = 'sojourn_p99') AS p99,
        max(value) FILTER (name = 'slo') AS slo,
        max(value) FILTER (name = 'slo_passed') AS passed
    FROM arm_trial
    JOIN metric USING (trial_id)
    WHERE purpose = 'search' AND arm IS NOT NULL AND experiment_id IN (FROM wanted)
    GROUP BY arm, label, experiment_id, scenario, reason, trial_id
    QUALIFY experiment_id = max(experiment_id) OVER (PARTITION BY arm)
),
voted AS (
    SELECT arm, offered, avg(coalesce(passed, 0)) > 0.5 AS holds
    FROM answered
    GROUP BY arm, offered
),
failing AS (
    SELECT arm, min(offered) AS high FROM voted WHERE NOT holds GROUP BY arm
),
bracket AS (
    SELECT voted.arm, max(voted.offered) AS low, any_value(failing.high) AS high
    FROM voted
    LEFT JOIN failing USING (arm)
    WHERE voted.holds AND voted.offered < coalesce(failing.high, 'infinity'::DOUBLE)
    GROUP BY voted.arm
)
SELECT answered.*, bracket.low, coalesce(bracket.high, failing.high) AS high
FROM answered
LEFT JOIN bracket USING (arm)
LEFT JOIN failing USING (arm)
ORDER BY arm, offered, p99;
