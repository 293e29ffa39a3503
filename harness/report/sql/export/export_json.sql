-- Purpose: write the rows of a query as a JSON array, one object a line.
COPY (
{query}
) TO $path (FORMAT json, ARRAY true, USE_TMP_FILE false);
