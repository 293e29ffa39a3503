-- Purpose: take arms of a block that was not measured to its end out of what is measured; their rows stay.
UPDATE trial SET purpose = 'broken'
WHERE experiment_id = $experiment AND block = $block AND purpose = 'measure' AND list_contains($arms, arm_number);
