-- Purpose: take one load of a block, whose arms were not measured soundly side by side, out of the comparison;
-- its rows stay.
UPDATE trial SET purpose = 'broken'
WHERE experiment_id = $experiment AND block = $block AND purpose = 'measure'
  AND scenario = $scenario AND point = $point;
