-- Purpose: claim the oldest task that nobody has; another worker's is passed over, not waited for.
UPDATE raw_task SET claimed = true
WHERE id = (SELECT id FROM raw_task WHERE NOT claimed ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, body;
