-- Purpose: temporary table flame: the stacks of one pass (side base) or two (base, head) of a tool, each with
-- its share of its pass. Lines and processes are left out, since they differ between versions and runs, and so
-- are frames of the import machinery that called something: five or six between a module and the next.
CREATE OR REPLACE TEMP TABLE flame AS
WITH plain AS (
    SELECT
        if(trial_id = $base, 'base', 'head') AS side,
        regexp_replace(
            regexp_replace(
                regexp_replace(frames, '^process \d+:(".*?"|[^;]*);', ''), ':\d+\)(;|$)', ')\1', 'g'
            ),
            '[^;]*\(<frozen importlib[^;]*\);', '', 'g'
        ) AS frames,
        value
    FROM stack
    WHERE tool = $tool AND value > 0 AND trial_id IN ($base, coalesce($head, $base))
)
SELECT side, frames, sum(value)::BIGINT AS value, sum(value) / sum(sum(value)) OVER (PARTITION BY side) AS share
FROM plain
GROUP BY side, frames;
