-- Purpose: whether a trial is stored.
SELECT 1 FROM trial WHERE trial_id = $trial;
