-- Purpose: take arms of a block that was not measured to its end out of what is measured; their rows stay, and say why.
UPDATE trial SET purpose = 'broken', reason = concat_ws('; ', reason, $why)
WHERE experiment_id = $experiment AND block = $block AND purpose = 'measure' AND list_contains($arms, arm_number);
