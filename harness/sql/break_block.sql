-- Purpose: take a block that the environment broke out of the comparison; its rows stay.
UPDATE trial SET purpose = 'broken'
WHERE experiment_id = $experiment AND block = $block AND purpose = 'measure';
