-- Purpose: how an experiment's pilot trials warmed up: in bins of time since the first warm-up task was sent, the
-- tasks completed and their median sojourn time, averaged over an arm's trials of one load.
WITH stamped AS (
    SELECT
        trial_id, arm_number, scenario, point, point_number, load_fraction,
        floor((end_ns - min(send_ns) OVER (PARTITION BY trial_id)) / ($width * 1e9))::INTEGER AS bin,
        end_ns - intended_ns AS sojourn_ns
    FROM warmup_record
    JOIN trial USING (trial_id)
    WHERE experiment_id = $experiment AND purpose = 'pilot' AND phase = 'warmup' AND attempt = 1
),
binned AS (
    SELECT
        trial_id, arm_number, scenario, point, point_number, load_fraction, bin,
        count(*) AS tasks, median(sojourn_ns) AS sojourn_ns
    FROM stamped
    GROUP BY ALL
),
whole AS (
    SELECT * FROM binned
    QUALIFY bin < max(bin) OVER (PARTITION BY trial_id) -- the last one is cut off
)
SELECT arm_number, scenario, point, load_fraction IS NOT NULL, bin, avg(tasks), avg(sojourn_ns)
FROM whole
GROUP BY arm_number, scenario, point, point_number, load_fraction, bin
ORDER BY arm_number, scenario, point_number, bin;
