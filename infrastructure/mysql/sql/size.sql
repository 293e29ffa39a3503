-- Purpose: bytes of data and indexes in this database.
SELECT coalesce(sum(data_length + index_length), 0)
FROM information_schema.tables
WHERE table_schema = DATABASE();
