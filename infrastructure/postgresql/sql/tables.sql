-- Purpose: the tables that somebody made, as they stand in a statement.
SELECT format('%I.%I', schemaname, tablename)
FROM pg_tables
WHERE schemaname !~ '^pg_' AND schemaname <> 'information_schema';
