-- Purpose: the machines of the history: what tells one from another, and how much was measured there from when to when.
SELECT
    machine_number,
    coalesce(machine, '') AS machine,
    count(DISTINCT experiment_id) AS experiments,
    count(*) AS trials,
    strftime(min(created_at), '%Y-%m-%d') AS first_day,
    strftime(max(created_at), '%Y-%m-%d') AS last_day
FROM stood
GROUP BY machine_number, machine
ORDER BY last_day DESC, machine_number DESC;
