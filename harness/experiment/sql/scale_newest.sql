-- Purpose: the newest experiment that has trials of network_delay.
SELECT experiment_id
FROM trial
WHERE scenario = $scenario AND purpose = 'measure' AND status = 'ok'
ORDER BY started_at DESC
LIMIT 1;
