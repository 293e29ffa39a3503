-- Purpose: temporary table wanted: the experiments in full size by one of $commands that measured one of $scenarios.
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT DISTINCT experiment_id
FROM experiment
JOIN trial USING (experiment_id)
WHERE list_contains($commands, command) AND size = 'full' AND purpose = 'measure'
  AND list_contains($scenarios, scenario);
