-- Purpose: keep the blocks and the warm-up that a pilot asked for with the experiment, for going on with it.
UPDATE experiment
SET options = json_merge_patch(options, json_object('blocks', $blocks, 'warmup_s', $warmup_s, 'pilot', false))
WHERE experiment_id = $experiment;
