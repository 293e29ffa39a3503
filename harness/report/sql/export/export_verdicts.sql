-- Purpose: every verdict on the scenarios in $scenarios, with its experiment. What is not finite (an interval that
-- is open at one end) is NULL: JSON has no infinity.
SELECT
    verdict.experiment_id,
    strftime(experiment.created_at, '%Y-%m-%dT%H:%M:%SZ') AS created_at,
    experiment.command, experiment.size, experiment.factor,
    verdict.scenario, verdict.point, verdict.point_number, verdict.metric,
    verdict.baseline_arm, verdict.candidate_arm, verdict.baseline, verdict.candidate,
    verdict.kind, verdict.margin,
    if(isfinite(verdict.ratio), verdict.ratio, NULL) AS ratio,
    if(isfinite(verdict.low), verdict.low, NULL) AS low,
    if(isfinite(verdict.high), verdict.high, NULL) AS high,
    if(isfinite(verdict.low90), verdict.low90, NULL) AS low90,
    if(isfinite(verdict.high90), verdict.high90, NULL) AS high90,
    verdict.n,
    if(isfinite(verdict.p), verdict.p, NULL) AS p,
    if(isfinite(verdict.p_holm), verdict.p_holm, NULL) AS p_holm,
    if(isfinite(verdict.sensitivity), verdict.sensitivity, NULL) AS sensitivity,
    verdict.needed_blocks,
    if(isfinite(verdict.cliffs_delta), verdict.cliffs_delta, NULL) AS cliffs_delta,
    if(isfinite(verdict.hedges_g), verdict.hedges_g, NULL) AS hedges_g,
    verdict.cross_check, verdict.sentence
FROM verdict
JOIN experiment USING (experiment_id)
WHERE list_contains($scenarios, verdict.scenario)
ORDER BY
    experiment.created_at, verdict.experiment_id, verdict.scenario, verdict.point_number,
    verdict.metric, verdict.baseline_arm, verdict.candidate_arm;
