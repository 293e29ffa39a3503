-- Purpose: the server's configuration, setting by setting.
SELECT name, setting FROM pg_settings;
