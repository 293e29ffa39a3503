"""One file per scenario: the question it answers, its load, its metrics, what voids it."""
