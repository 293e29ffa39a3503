-- Purpose: take a trial that the surroundings broke out of what is measured, since it was run again; its row stays.
UPDATE trial SET purpose = 'broken'
WHERE trial_id = $trial;
