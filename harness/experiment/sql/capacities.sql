-- Purpose: the capacity that an experiment's loads refer to, if it was measured. That of an overload is the rough rate,
-- which it was to correct, whether or not it was cut off.
SELECT max(capacity)
FROM trial
WHERE experiment_id = $experiment AND capacity IS NOT NULL AND NOT (scenario = 'latency' AND point = 'overload');
