-- Purpose: starts before their time, of all measuring trials whose tasks are due at one, whatever came of them: how many
-- of how many, and the earliest (ms before). A curve of latenesses on a log axis cannot show them.
SELECT
    scenario, point, point_number, arm, label,
    count(*) FILTER (late_ns < 0) AS early,
    count(*) AS starts,
    -min(late_ns) / 1e6 AS most_ms
FROM lateness
JOIN shown_trial USING (trial_id)
GROUP BY ALL
ORDER BY scenario, point_number, arm;
