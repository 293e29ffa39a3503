-- Purpose: temporary table arm: number and name everything that has measuring trials. An arm's label holds
-- its framework and version, and whatever else tells it from another arm.
CREATE OR REPLACE TEMP TABLE arm AS
WITH known AS (
    SELECT DISTINCT
        framework, framework_version, python_version, broker, provider, topology_profile, variant
    FROM trial
    JOIN wanted USING (experiment_id)
    WHERE purpose = 'measure'
),
distinguishing AS (
    SELECT
        count(DISTINCT python_version) > 1 AS pythons,
        count(DISTINCT broker) > 1 AS brokers,
        -- that brokers come from different providers tells no arms apart, the broker does
        count(*) > count(DISTINCT (
            framework, framework_version, python_version, broker, topology_profile, variant
        )) AS providers,
        count(DISTINCT topology_profile) > 1 AS profiles
    FROM known
)
SELECT
    row_number() OVER (
        ORDER BY
            framework,
            list_transform(regexp_extract_all(framework_version, '\d+'), lambda part: part::BIGINT),
            list_transform(regexp_extract_all(python_version, '\d+'), lambda part: part::BIGINT),
            framework_version, python_version, broker, provider, topology_profile, variant
    ) AS arm,
    concat_ws(
        ' · ',
        framework || ' ' || framework_version || if(variant = '', '', '@' || variant),
        CASE WHEN pythons THEN 'Python ' || python_version END,
        CASE WHEN brokers THEN broker END,
        CASE WHEN providers THEN provider END,
        CASE WHEN profiles THEN topology_profile END
    ) AS label,
    concat_ws(
        ' · ',
        framework || ' ' || framework_version || if(variant = '', '', '@' || variant),
        CASE WHEN pythons THEN 'Python ' || python_version END,
        CASE WHEN profiles THEN topology_profile END
    ) AS series, -- the label without the broker
    known.*
FROM known
CROSS JOIN distinguishing;
