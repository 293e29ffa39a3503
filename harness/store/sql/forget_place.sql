-- Purpose: of the options that were typed keep what says what was measured, not where this machine keeps its files.
UPDATE experiment SET options = json_merge_patch(options, '{"db": null, "out": null}');
