-- Purpose: one row an experiment and arm: when, how large, from which seed and commit; which of its scenarios
-- this page shows and which are not shown because a later experiment measured them again.
SELECT
    experiment_id,
    strftime(experiment.created_at, '%Y-%m-%d %H:%M') AS created,
    measured.arm,
    measured.label,
    experiment.command,
    experiment.size,
    experiment.seed,
    experiment.harness_version,
    experiment.harness_commit,
    count(*) AS trials,
    count(*) FILTER (measured.status = 'ok') AS ok,
    string_agg(DISTINCT measured.scenario, ', ' ORDER BY measured.scenario)
        FILTER (measured.latest) AS scenarios_shown,
    string_agg(DISTINCT measured.scenario, ', ' ORDER BY measured.scenario)
        FILTER (NOT measured.latest) AS scenarios_not_shown
FROM measured
JOIN experiment USING (experiment_id)
GROUP BY ALL
ORDER BY created, experiment_id, label;
