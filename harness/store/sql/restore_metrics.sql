-- Purpose: the metrics of an exported file of trials (?). What was not finite is not there.
INSERT INTO metric BY NAME
SELECT trial_id, metric AS name, value, unit
FROM read_parquet(?)
WHERE value IS NOT NULL;
