-- Purpose: experiments with a trial of the scenarios in $scenarios: what they were and how many of those trials,
-- of every purpose, are ok.
SELECT
    experiment_id,
    strftime(experiment.created_at, '%Y-%m-%dT%H:%M:%SZ') AS created_at,
    experiment.command, experiment.size, experiment.factor, experiment.seed,
    experiment.harness_version, experiment.harness_commit, experiment.options,
    count(*) AS trials,
    count(*) FILTER (trial.status = 'ok') AS ok
FROM experiment
JOIN trial USING (experiment_id)
WHERE list_contains($scenarios, trial.scenario)
GROUP BY ALL
ORDER BY created_at, experiment_id;
