-- Purpose: take one load of a block, whose arms were not measured soundly side by side, out of the comparison;
-- its rows stay, and say why if there is something to say.
UPDATE trial SET purpose = 'broken', reason = nullif(concat_ws('; ', reason, $why), '')
WHERE experiment_id = $experiment AND block = $block AND purpose = 'measure'
  AND scenario = $scenario AND point = $point;
