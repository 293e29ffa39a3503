-- Purpose: transactions of all clients of this database, as they have told them.
SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database();
