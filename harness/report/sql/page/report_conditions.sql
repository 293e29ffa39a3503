-- Purpose: what surrounded the shown measuring trials and moved: foreign CPU, steal, pressure, load, throttling and the
-- calibration kernel, by arm: median and range over all measuring trials.
SELECT
    shown_trial.arm,
    shown_trial.label,
    environment.name,
    count(*) AS trials,
    median(try_cast(environment.value AS DOUBLE)) AS median,
    min(try_cast(environment.value AS DOUBLE)) AS low,
    max(try_cast(environment.value AS DOUBLE)) AS high
FROM shown_trial
JOIN environment USING (trial_id)
WHERE shown_trial.purpose = 'measure'
  AND environment.name IN (
      'foreign_cpu_percent', 'steal_percent', 'psi_percent', 'load_1min', 'throttled', 'throttled_percent',
      'calibration_cpu_ms', 'calibration_round_trip_us'
  )
  AND try_cast(environment.value AS DOUBLE) IS NOT NULL
GROUP BY ALL
ORDER BY name, arm;
