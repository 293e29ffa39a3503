-- Purpose: every package of the cells of the shown experiments, as installed.
FROM shown_package
ORDER BY arm, name, version;
