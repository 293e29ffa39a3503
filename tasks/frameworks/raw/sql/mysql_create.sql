-- Purpose: the table of tasks; the index has those that nobody has claimed first, in their order.
CREATE TABLE IF NOT EXISTS raw_task (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    claimed bool NOT NULL DEFAULT false,
    body longblob NOT NULL,
    INDEX waiting (claimed, id)
) ENGINE = InnoDB;
