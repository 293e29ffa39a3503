-- Purpose: the kind of machine that each block of a comparison was measured on, where unlike ones took part (--strata).
SELECT DISTINCT trial.block, environment.value
FROM trial JOIN environment USING (trial_id)
WHERE trial.experiment_id = $experiment AND trial.purpose = $purpose AND environment.name = 'stratum'
ORDER BY trial.block;
