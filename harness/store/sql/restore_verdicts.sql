-- Purpose: the verdicts of an exported file (?). An interval without an upper end is open there.
INSERT INTO verdict BY NAME
SELECT
    * EXCLUDE (created_at, command, size, factor)
    REPLACE (
        if(low IS NOT NULL, coalesce(high, 'inf'), NULL) AS high,
        if(low90 IS NOT NULL, coalesce(high90, 'inf'), NULL) AS high90
    )
FROM read_parquet(?);
