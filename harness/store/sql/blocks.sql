-- Purpose: bytes of the blocks in use. Free ones at the end of a file are not written.
SELECT block_size * used_blocks FROM pragma_database_size();
