-- Purpose: write the rows of a query as Parquet.
COPY (
{query}
) TO $path (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false);
