-- Purpose: the values behind the shown verdicts, block by block, for both arms of the pair. A verdict with a ratio
-- rests on every trial of its blocks, those that only drifted included, so there is no look at their status.
SELECT
    shown_verdict.experiment_id, shown_verdict.scenario, shown_verdict.point,
    shown_verdict.metric, baseline, candidate,
    list_filter([page_baseline, page_candidate], lambda arm: arm IS NOT NULL) AS page_arms,
    trial.block,
    if(trial.arm_number = candidate_arm, 2, 1) AS arm,
    shown_value(metric.value, metric.unit) AS value, shown_unit(metric.unit) AS unit
FROM shown_verdict
JOIN trial
    ON trial.experiment_id = shown_verdict.experiment_id
    AND trial.scenario = shown_verdict.scenario
    AND trial.point = shown_verdict.point
    AND trial.arm_number IN (baseline_arm, candidate_arm)
JOIN metric ON metric.trial_id = trial.trial_id AND metric.name = shown_verdict.metric
WHERE trial.purpose = 'measure' AND shown_verdict.ratio IS NOT NULL
ORDER BY
    created_at DESC, shown_verdict.scenario DESC, shown_verdict.point_number,
    shown_verdict.metric, baseline_arm, candidate_arm, block, arm;
