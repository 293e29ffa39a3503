-- Purpose: series of releases: the ratio of each primary metric, release over the fixed one (arm 1) of the same block,
-- in each block in which both trials are sound. A fresh look at the steps of a series is no series.
SELECT
    own.framework, own.framework_version, own.variant, own.python_version, own.broker, own.provider,
    own.topology_profile, own.experiment_id, own.scenario, own.point, metric.name AS metric,
    own.arm_number AS place, fixed.framework_version AS fixed,
    (
        SELECT any_value(each[2]) FROM unnest(CAST(json_extract(options, '$.release') AS VARCHAR[][])) AS listed(each)
        WHERE each[1] = own.framework_version
    ) AS day,
    list_filter([own.arm], lambda arm: arm IS NOT NULL) AS page_arms,
    own.block, metric.value / beside.value AS ratio
FROM arm_trial AS own
JOIN experiment ON experiment.experiment_id = own.experiment_id
JOIN trial AS fixed
    ON fixed.experiment_id = own.experiment_id AND fixed.block = own.block AND fixed.scenario = own.scenario
    AND fixed.point = own.point AND fixed.arm_number = 1 AND fixed.purpose = 'measure' AND fixed.status = 'ok'
JOIN metric ON metric.trial_id = own.trial_id
JOIN metric AS beside ON beside.trial_id = fixed.trial_id AND beside.name = metric.name
WHERE own.experiment_id IN (FROM wanted) AND command = 'series' AND json_extract(options, '$.confirms') IS NULL
  AND own.arm_number > 1 AND own.purpose = 'measure' AND own.status = 'ok'
  AND metric.value > 0 AND beside.value > 0
  AND list_contains($primary, {'scenario': own.scenario, 'name': metric.name})
ORDER BY own.experiment_id DESC, own.scenario DESC, own.point_number, metric.name, own.arm_number, own.block;
