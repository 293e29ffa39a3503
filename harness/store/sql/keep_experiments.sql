-- Purpose: of a table keep the rows of some experiments (?).
DELETE FROM {table} WHERE NOT list_contains(?, experiment_id);
