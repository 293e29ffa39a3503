-- Purpose: all that fits a pattern, as DROP names it: functions, then what they work on.
SELECT CASE prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, oid::regprocedure::text
FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname LIKE '{like}'
UNION ALL
SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,
    oid::regclass::text
FROM pg_class WHERE relnamespace = current_schema()::regnamespace
    AND relkind IN ('r', 'p', 'S', 'v') AND relname LIKE '{like}'
UNION ALL
SELECT 'TYPE', t.oid::regtype::text
FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE typnamespace = current_schema()::regnamespace AND typname LIKE '{like}'
    AND (typtype IN ('e', 'd') OR c.relkind = 'c');
