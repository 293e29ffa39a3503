-- Purpose: candidate change points of the version series shown, with the page's arms on both sides.
WITH member AS (
    SELECT experiment_id, baseline_arm AS arm, page_baseline AS page_arm FROM shown_verdict
    UNION
    SELECT experiment_id, candidate_arm, page_candidate FROM shown_verdict
)
SELECT
    experiment_id, scenario, point, metric, before_arm, ratio, sentence,
    ARRAY(
        SELECT page_arm FROM member
        WHERE member.experiment_id = change_point.experiment_id
          AND member.arm IN (before_arm, after_arm) AND page_arm IS NOT NULL
        ORDER BY page_arm
    ) AS page_arms
FROM change_point
WHERE experiment_id IN (SELECT experiment_id FROM shown_verdict)
ORDER BY experiment_id DESC, scenario DESC, point_number, metric, before_arm;
