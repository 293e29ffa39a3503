-- Purpose: the table of tasks; the index holds those that nobody has claimed, in their order.
CREATE TABLE IF NOT EXISTS raw_task (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    claimed boolean NOT NULL DEFAULT false,
    body bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS raw_task_waiting ON raw_task (id) WHERE NOT claimed;
