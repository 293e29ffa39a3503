-- Purpose: the names of a file's tables.
SELECT table_name FROM duckdb_tables();
