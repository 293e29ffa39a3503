-- Purpose: the files of every profiler pass of the experiments wanted, as JSON lists.
SELECT files
FROM profile
JOIN trial USING (trial_id)
WHERE files IS NOT NULL AND experiment_id IN (FROM wanted)
ORDER BY trial_id, files;
