-- Purpose: macros for figures as a person reads them: bytes become MiB, us becomes µs, a mere number has no unit.
CREATE OR REPLACE TEMP MACRO shown_unit(unit) AS
    CASE unit WHEN 'bytes' THEN 'MiB' WHEN 'bytes/h' THEN 'MiB/h' WHEN 'us' THEN 'µs' WHEN '1' THEN '' ELSE unit END;
CREATE OR REPLACE TEMP MACRO shown_value(value, unit) AS value / if(unit IN ('bytes', 'bytes/h'), 1048576, 1);
