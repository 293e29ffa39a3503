-- Purpose: verdicts about CPU whose arms both have a py-spy pass of the same load, with the latest such passes.
WITH placed AS (
    SELECT
        trial.*,
        (framework, framework_version, variant, python_version, broker, topology_profile) AS setting
    FROM trial
),
arm_of AS (
    SELECT DISTINCT experiment_id, arm_number, setting FROM placed
),
pass AS (
    SELECT setting, scenario, point, arg_max(trial_id, (started_at, trial_id)) AS trial_id
    FROM placed
    WHERE purpose = 'py-spy' AND status = 'ok'
      AND trial_id IN (SELECT trial_id FROM stack WHERE tool = 'py-spy')
    GROUP BY ALL
)
SELECT DISTINCT
    verdict.experiment_id, verdict.scenario, verdict.point, verdict.metric, verdict.baseline, verdict.candidate,
    verdict.kind, base.trial_id AS base, head.trial_id AS head
FROM shown_verdict AS verdict
JOIN arm_of AS below
    ON below.experiment_id = verdict.experiment_id AND below.arm_number = verdict.baseline_arm
JOIN arm_of AS above
    ON above.experiment_id = verdict.experiment_id AND above.arm_number = verdict.candidate_arm
JOIN pass AS base
    ON base.setting = below.setting
    AND base.scenario = verdict.scenario AND base.point = verdict.point
JOIN pass AS head
    ON head.setting = above.setting
    AND head.scenario = verdict.scenario AND head.point = verdict.point
WHERE verdict.metric LIKE '%cpu%' AND base.trial_id <> head.trial_id
ORDER BY ALL;
