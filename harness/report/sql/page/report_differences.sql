-- Purpose: what METHOD section 8 wants equal before arms are set side by side and is not: one row a name and
-- arm, where the arms' sets of values differ. Workload, lock file and broker configuration are compared by hash.
WITH seen AS (
    SELECT
        shown_trial.arm,
        shown_trial.label,
        environment.name,
        environment.value,
        '' AS scenario
    FROM shown_trial
    JOIN environment USING (trial_id)
    WHERE shown_trial.purpose = 'measure'
      AND environment.name IN (
          'cpu_model', 'cores', 'affinity', 'cgroup_quota', 'kernel', 'virtualisation',
          'clock_source', 'python_version', 'python_build', 'python_compiler', 'python_flags',
          'governor', 'turbo_off', 'boot_id'
      )
    UNION ALL
    SELECT shown_trial.arm, shown_trial.label, environment.name, environment.value, shown_trial.scenario
    FROM shown_trial
    JOIN environment USING (trial_id)
    WHERE shown_trial.purpose = 'measure' AND shown_trial.status = 'ok'
      AND environment.name = 'workers_pinned'
    UNION ALL
    SELECT arm, label, unnest([
        'broker version', 'broker configuration', 'worker processes', 'tasks at a time of each',
        'prefetch', 'acknowledgement', 'lock file'
    ]), unnest([
        broker_version, left(broker_config_hash, 12), processes::VARCHAR, concurrency::VARCHAR,
        prefetch::VARCHAR, acks, left(lock_hash, 12)
    ]), ''
    FROM shown_trial
    WHERE purpose = 'measure'
    UNION ALL
    SELECT arm, label, 'workload', left(workload_hash, 12), scenario || ' ' || point
    FROM shown_trial
    WHERE purpose = 'measure'
    UNION ALL
    SELECT arm, label, 'size', experiment.size, scenario
    FROM shown_trial
    JOIN experiment USING (experiment_id)
    WHERE purpose = 'measure'
    UNION ALL
    SELECT arm, label, 'harness commit', experiment.harness_commit, scenario
    FROM shown_trial
    JOIN experiment USING (experiment_id)
    WHERE purpose = 'measure'
),
by_scenario AS (
    SELECT name, scenario, arm, label, string_agg(DISTINCT value, ', ' ORDER BY value) AS value
    FROM seen
    GROUP BY ALL
),
differing AS (
    SELECT name, scenario
    FROM by_scenario
    GROUP BY ALL
    HAVING count(DISTINCT value) > 1
)
SELECT
    replace(name, '_', ' ') AS name,
    arm,
    label,
    array_to_string(list_slice(list(DISTINCT value ORDER BY value), 1, 4), ', ')
        || if(count(DISTINCT value) > 4, format(' … ({} in all)', count(DISTINCT value)), '') AS value
FROM seen
JOIN differing USING (name, scenario)
GROUP BY ALL
ORDER BY name, arm;
