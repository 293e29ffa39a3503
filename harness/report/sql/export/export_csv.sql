-- Purpose: write the rows of a query as CSV with a header.
COPY (
{query}
) TO $path (FORMAT csv, HEADER true, USE_TMP_FILE false);
