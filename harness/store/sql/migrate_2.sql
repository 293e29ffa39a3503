-- Purpose: bring a database of schema 1 to schema 2; new tables come from schema.sql.
ALTER TABLE verdict ADD COLUMN IF NOT EXISTS cliffs_delta DOUBLE;
ALTER TABLE verdict ADD COLUMN IF NOT EXISTS hedges_g DOUBLE;
ALTER TABLE verdict ADD COLUMN IF NOT EXISTS cross_check VARCHAR;
