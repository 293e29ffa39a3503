-- Purpose: what it takes to run each experiment again: commit, seed, options, and the hashes of workload and locks.
SELECT
    experiment_id, command, harness_version, harness_commit, experiment.seed, options,
    count(DISTINCT workload_hash) AS workloads,
    string_agg(DISTINCT left(lock_hash, 12), ', ' ORDER BY left(lock_hash, 12)) AS locks
FROM experiment
LEFT JOIN trial USING (experiment_id)
GROUP BY ALL
ORDER BY experiment_id DESC;
