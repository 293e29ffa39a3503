-- Purpose: keep the number of blocks that a pilot asked for with the experiment, for going on with it.
UPDATE experiment
SET options = json_merge_patch(options, json_object('blocks', $blocks, 'pilot', false))
WHERE experiment_id = $experiment;
