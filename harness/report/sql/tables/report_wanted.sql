-- Purpose: temporary table wanted: the experiments that a page is about: every one of the file, or the one asked
-- for. Self-measurements are left out.
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT experiment_id
FROM experiment
WHERE command <> 'selfbench' AND ($experiment::VARCHAR IS NULL OR experiment_id = $experiment);
