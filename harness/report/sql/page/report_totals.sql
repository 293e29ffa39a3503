-- Purpose: how much stands behind the page: arms, experiments, measuring trials, task records, and how many of
-- the shown experiments are of quick size.
SELECT
    (SELECT count(*) FROM arm) AS arms,
    (SELECT count(DISTINCT experiment_id) FROM shown) AS experiments,
    (
        SELECT count(DISTINCT experiment_id)
        FROM shown
        JOIN experiment USING (experiment_id)
        WHERE size = 'quick'
    ) AS quick_experiments,
    (SELECT count(*) FROM shown_trial WHERE purpose = 'measure' AND status <> 'gap') AS trials,
    (SELECT count(*) FROM shown_trial WHERE purpose = 'measure' AND status = 'ok') AS ok_trials,
    (
        SELECT count(*)
        FROM task_record
        WHERE trial_id IN (SELECT trial_id FROM shown_trial WHERE purpose = 'measure')
    ) AS task_records,
    (
        SELECT count(*) FROM trial JOIN experiment USING (experiment_id) WHERE command = 'selfbench'
    ) AS selfbench_trials;
