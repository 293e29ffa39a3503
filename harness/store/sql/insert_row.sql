-- Purpose: store one row; the marks stand for its values.
INSERT INTO {table} ({columns}) VALUES ({marks});
