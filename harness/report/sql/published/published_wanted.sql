-- Purpose: temporary table wanted: the benches and soaks in full size that measured one of $scenarios.
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT DISTINCT experiment_id
FROM experiment
JOIN trial USING (experiment_id)
WHERE command IN ('bench', 'soak') AND size = 'full' AND purpose = 'measure'
  AND list_contains($scenarios, scenario);
