-- Purpose: the trials of an exported file (?), which has a row a trial and metric.
INSERT INTO trial BY NAME
SELECT DISTINCT * EXCLUDE (command, size, offered, arm, metric, value, unit)
FROM read_parquet(?);
