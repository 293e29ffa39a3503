-- Purpose: view told: what is said of each shown trial: why it is not ok, and remarks; in the order in which it is told.
CREATE OR REPLACE TEMP VIEW told AS
SELECT
    trial_id, experiment_id, arm, label, scenario, point, purpose, status,
    coalesce(reason, 'no reason stored') AS reason,
    remarks,
    row_number() OVER (ORDER BY purpose <> 'measure', arm, scenario, point_number, position) AS place
FROM shown_trial;
