-- Purpose: nothing but the database can be touched, and no question can change that.
SET enable_external_access = false;
SET lock_configuration = true;
