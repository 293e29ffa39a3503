-- Purpose: trials of each arm's latest search for the rate that holds an objective, with the bracket that their
-- majorities give: the lowest rate that fails, and the highest below it that holds.
WITH answered AS (
    SELECT
        arm.arm, arm.label, trial.experiment_id, trial.scenario, trial.reason,
        max(value) FILTER (name = 'offered_rate') AS offered,
        max(value) FILTER (name = 'sojourn_p99') AS p99,
        max(value) FILTER (name = 'slo') AS slo,
        max(value) FILTER (name = 'slo_passed') AS passed
    FROM trial
    JOIN metric USING (trial_id)
    JOIN arm USING (
        framework, framework_version, python_version, broker, provider, topology_profile, variant
    )
    WHERE trial.purpose = 'search' AND trial.experiment_id IN (FROM wanted)
    GROUP BY arm.arm, arm.label, trial.experiment_id, trial.scenario, trial.reason, trial.trial_id
    QUALIFY trial.experiment_id = max(trial.experiment_id) OVER (PARTITION BY arm.arm)
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
