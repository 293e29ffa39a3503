-- Purpose: append a spooled table to the database; columns are matched by name.
INSERT INTO {table} BY NAME SELECT * FROM read_parquet(?);
