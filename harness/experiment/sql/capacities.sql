-- Purpose: the capacity that an experiment's loads refer to, if it was measured.
SELECT max(capacity)
FROM trial
WHERE experiment_id = $experiment AND capacity IS NOT NULL;
