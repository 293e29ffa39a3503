-- Purpose: the machine's own speed over the same experiments: medians of the calibration kernel over all their trials.
SELECT
    machine_number, place, strftime(created_at, '%Y-%m-%d') AS day, experiment_id,
    count(*) AS trials,
    median(value::DOUBLE) AS median,
    min(value::DOUBLE) AS low,
    max(value::DOUBLE) AS high,
    environment.name
FROM stood
JOIN environment USING (trial_id)
WHERE environment.name IN ('calibration_cpu_ms', 'calibration_round_trip_us')
  AND try_cast(value AS DOUBLE) IS NOT NULL
GROUP BY ALL
ORDER BY machine_number, environment.name, place;
