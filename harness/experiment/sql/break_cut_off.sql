-- Purpose: take the trials that ended with their session out of what is measured, since they are run again.
UPDATE trial SET purpose = 'broken'
WHERE experiment_id = $experiment AND purpose = 'measure' AND list_contains($reasons, reason);
