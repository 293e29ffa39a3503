-- Purpose: put a task there and wake a worker that waits, in one transaction.
WITH put AS (INSERT INTO raw_task (body) VALUES (%s)) SELECT pg_notify('raw', '');
