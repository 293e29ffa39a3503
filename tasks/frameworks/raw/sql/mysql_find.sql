-- Purpose: lock the oldest task that nobody has; another worker's is passed over, not waited for.
SELECT id, body FROM raw_task WHERE NOT claimed ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;
