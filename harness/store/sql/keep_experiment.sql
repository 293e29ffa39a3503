-- Purpose: of a table keep the rows of one experiment (?).
DELETE FROM {table} WHERE experiment_id <> ?;
