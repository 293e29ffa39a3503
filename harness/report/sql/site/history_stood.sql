-- Purpose: temporary table stood: of every ok measuring trial the machine that it ran on ($machine: names of the
-- fields that tell machines apart) and a hash of all else that METHOD section 8 wants equal ($others). Machines are
-- numbered in the order in which they were first measured on; place counts a machine's experiments in order of time.
CREATE OR REPLACE TEMP TABLE stood AS
WITH field AS (
    SELECT trial_id, name, value FROM environment
    UNION ALL
    SELECT
        trial_id,
        unnest(['broker_version', 'broker_config_hash', 'workload_hash', 'size', 'harness_version']),
        unnest([broker_version, broker_config_hash, workload_hash, size, harness_version])
    FROM trial
    JOIN experiment USING (experiment_id)
),
surrounded AS (
    SELECT
        trial_id,
        string_agg(name || '=' || value, chr(10) ORDER BY name) FILTER (list_contains($machine, name)) AS machine,
        md5(
            string_agg(name || '=' || value, chr(10) ORDER BY name) FILTER (list_contains($others, name))
        ) AS conditions
    FROM field
    GROUP BY trial_id
),
numbered AS (
    SELECT machine, row_number() OVER (ORDER BY min(started_at)) AS machine_number
    FROM surrounded
    JOIN trial USING (trial_id)
    GROUP BY machine
)
SELECT
    numbered.machine_number, numbered.machine, surrounded.conditions,
    arm_trial.arm, arm_trial.label,
    (framework, python_version, broker, provider, topology_profile, variant) AS lineage, -- the arm whatever its version
    arm_trial.trial_id, arm_trial.scenario, arm_trial.point, arm_trial.point_number,
    experiment.experiment_id, experiment.created_at, experiment.size,
    dense_rank() OVER (
        PARTITION BY numbered.machine_number ORDER BY experiment.created_at, experiment.experiment_id
    ) AS place
FROM arm_trial
JOIN experiment USING (experiment_id)
JOIN surrounded USING (trial_id)
JOIN numbered ON numbered.machine IS NOT DISTINCT FROM surrounded.machine
WHERE purpose = 'measure' AND status = 'ok' AND experiment_id IN (FROM wanted);
