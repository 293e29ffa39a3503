-- Purpose: store one row unless its key is there.
INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING;
