-- Purpose: keep a long export small and the same everywhere: memory and threads (each thread of a writer holds row
-- groups of its own), and times in UTC.
SET memory_limit = '512MB';
SET threads = 2;
SET TimeZone = 'UTC';
