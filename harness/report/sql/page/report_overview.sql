-- Purpose: what interleaved experiments say of the arms on the page: one row a verdict whose candidate is one of them.
WITH candidate AS (
    SELECT DISTINCT trial.experiment_id, trial.arm_number, arm.arm
    FROM trial
    JOIN arm USING (
        framework, framework_version, python_version, broker, provider, topology_profile, variant
    )
)
SELECT candidate.arm, shown_verdict.experiment_id, scenario, point, metric, baseline, kind, size
FROM shown_verdict
JOIN candidate
    ON candidate.experiment_id = shown_verdict.experiment_id
    AND candidate.arm_number = shown_verdict.candidate_arm
ORDER BY created_at DESC;
