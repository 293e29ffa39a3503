-- Purpose: take the trials that ended with their session out of what there is, since they are run again.
UPDATE trial SET purpose = 'broken'
WHERE experiment_id = $experiment AND list_contains($reasons, reason);
