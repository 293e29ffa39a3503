-- Purpose: profiler passes of the shown experiments, one row a worker looked at.
SELECT
    shown_trial.arm,
    shown_trial.label,
    shown_trial.trial_id,
    shown_trial.scenario,
    shown_trial.point,
    profile.tool,
    profile.status,
    profile.reason,
    profile.pid,
    profile.samples,
    profile.peak_bytes / 1048576 AS peak_mib,
    profile.files
FROM profile
JOIN shown_trial USING (trial_id)
ORDER BY arm, tool DESC, scenario DESC, point_number, pid;
