-- Purpose: append a cell's packages once an experiment, not once a trial.
INSERT INTO {table} BY NAME
SELECT fresh.*
FROM read_parquet(?) AS fresh
ANTI JOIN package AS known
    USING (experiment_id, framework, framework_version, python_version, name);
