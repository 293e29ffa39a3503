-- Purpose: the newest experiment with measuring trials, self-measurements left out.
SELECT arg_max(experiment_id, (created_at, experiment_id)) AS experiment_id
FROM experiment
JOIN trial USING (experiment_id)
WHERE command <> 'selfbench' AND purpose = 'measure';
