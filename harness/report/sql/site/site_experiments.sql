-- Purpose: one row an experiment with measuring trials, the newest first: when, what, of which arms, on which
-- machine, how much of it is ok, and how many verdicts of which kind it gave.
WITH judged AS (
    SELECT experiment_id, string_agg(verdicts || ' ' || replace(kind, '_', ', size '), '; ' ORDER BY kind) AS verdicts
    FROM (SELECT experiment_id, kind, count(*) AS verdicts FROM verdict GROUP BY ALL)
    GROUP BY experiment_id
),
machine AS (
    SELECT
        experiment_id,
        concat_ws(
            ', ',
            any_value(value) FILTER (name = 'cpu_model'),
            any_value(value) FILTER (name = 'cores') || ' cores',
            any_value(value) FILTER (name = 'kernel')
        ) AS machine
    FROM environment
    JOIN trial USING (trial_id)
    WHERE name IN ('cpu_model', 'cores', 'kernel')
    GROUP BY experiment_id
)
SELECT
    experiment_id,
    strftime(experiment.created_at, '%Y-%m-%d %H:%M') AS created,
    experiment.command,
    experiment.size,
    list(DISTINCT label ORDER BY label) AS arms,
    list(DISTINCT replace(scenario, '_', ' ') ORDER BY replace(scenario, '_', ' ')) AS scenarios,
    count(*) AS trials,
    count(*) FILTER (status = 'ok') AS ok,
    any_value(judged.verdicts) AS verdicts,
    any_value(machine.machine) AS machine,
    experiment.seed, experiment.harness_commit AS commit, experiment.options
FROM arm_trial
JOIN experiment USING (experiment_id)
LEFT JOIN judged USING (experiment_id)
LEFT JOIN machine USING (experiment_id)
WHERE purpose = 'measure' AND experiment_id IN (FROM wanted)
GROUP BY
    experiment_id, experiment.created_at, experiment.command, experiment.size,
    experiment.seed, experiment.harness_commit, experiment.options
ORDER BY experiment.created_at DESC, experiment_id DESC;
