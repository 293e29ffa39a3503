-- Purpose: starts of scheduling before their time, of all measuring trials, whatever came of them: how many of how
-- many, and the earliest (ms before). A curve of latenesses on a log axis cannot show them.
SELECT
    shown_trial.scenario,
    shown_trial.point,
    shown_trial.point_number,
    shown_trial.arm,
    shown_trial.label,
    count(*) FILTER (late_ns < 0) AS early,
    count(*) AS starts,
    -min(late_ns) / 1e6 AS most_ms
FROM lateness
JOIN shown_trial USING (trial_id)
GROUP BY ALL
ORDER BY scenario, point_number, arm;
