-- Purpose: bring a database of schema 2 to schema 3: a load is told by its point's name, not by its fraction alone.
ALTER TABLE trial ADD COLUMN IF NOT EXISTS point VARCHAR DEFAULT '';
ALTER TABLE trial ADD COLUMN IF NOT EXISTS point_number INTEGER DEFAULT 1;
UPDATE trial SET point = format('load {:g}', load_fraction) WHERE load_fraction IS NOT NULL;
UPDATE trial SET point_number = CASE load_fraction WHEN 0.5 THEN 2 WHEN 0.7 THEN 3 ELSE 1 END;
ALTER TABLE verdict ADD COLUMN IF NOT EXISTS point VARCHAR DEFAULT '';
ALTER TABLE verdict ADD COLUMN IF NOT EXISTS point_number INTEGER DEFAULT 1;
UPDATE verdict SET point = format('load {:g}', load_fraction) WHERE load_fraction IS NOT NULL;
UPDATE verdict SET point_number = CASE load_fraction WHEN 0.5 THEN 2 WHEN 0.7 THEN 3 ELSE 1 END;
ALTER TABLE verdict DROP COLUMN load_fraction;
ALTER TABLE change_point ADD COLUMN IF NOT EXISTS point VARCHAR DEFAULT '';
ALTER TABLE change_point ADD COLUMN IF NOT EXISTS point_number INTEGER DEFAULT 1;
-- A table that schema 1 did not have is new, and never had the column.
ALTER TABLE change_point ADD COLUMN IF NOT EXISTS load_fraction DOUBLE;
UPDATE change_point SET point = format('load {:g}', load_fraction) WHERE load_fraction IS NOT NULL;
UPDATE change_point SET point_number = CASE load_fraction WHEN 0.5 THEN 2 WHEN 0.7 THEN 3 ELSE 1 END;
ALTER TABLE change_point DROP COLUMN load_fraction;
