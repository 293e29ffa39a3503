-- Purpose: say which version the tables have now.
DELETE FROM schema_version;
INSERT INTO schema_version VALUES ($version);
