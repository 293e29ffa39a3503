-- Purpose: remove the oldest task, for who does it; another worker's is passed over, not waited for.
DELETE FROM raw_task
WHERE id = (SELECT id FROM raw_task WHERE NOT claimed ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, body;
