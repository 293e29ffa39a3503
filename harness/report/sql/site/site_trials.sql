-- Purpose: every trial of the experiments wanted, with its figures of $shown (scenario.metric) and what its workers
-- were asked to be; arm by arm, in the order of execution.
WITH figure AS (
    SELECT
        trial_id,
        list(
            {'name': name, 'value': shown_value(value, unit), 'unit': shown_unit(unit)} ORDER BY name
        ) AS figures
    FROM metric
    JOIN trial USING (trial_id)
    WHERE list_contains($shown, scenario || '.' || name)
    GROUP BY trial_id
)
SELECT
    framework, framework_version, variant, python_version, broker, provider, topology_profile,
    experiment_id, scenario, point, trial_id, block, purpose, status, reason, remarks,
    strftime(started_at, '%Y-%m-%d %H:%M:%S') AS started,
    duration_s, broker_version,
    processes || ' × ' || concurrency AS topology,
    prefetch, acks,
    coalesce(figures, []) AS figures
FROM arm_trial
LEFT JOIN figure USING (trial_id)
WHERE experiment_id IN (FROM wanted)
ORDER BY
    experiment_id, scenario, framework, framework_version, variant, python_version, broker, provider,
    topology_profile, point_number, position;
