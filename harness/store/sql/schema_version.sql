-- Purpose: the version of the tables.
SELECT max(version) FROM schema_version;
