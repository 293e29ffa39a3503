-- Purpose: what a name stands for: a table, a sequence, a view; no row where it is unknown.
SELECT relkind::text FROM pg_class WHERE oid = to_regclass('{name}');
