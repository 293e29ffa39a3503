-- Purpose: the experiment whose measuring trials are the newest, self-measurements left out; one that was gone on with
-- was made before others that it measured after.
SELECT arg_max(experiment_id, (started_at, experiment_id)) AS experiment_id
FROM experiment
JOIN trial USING (experiment_id)
WHERE command <> 'selfbench' AND purpose = 'measure';
