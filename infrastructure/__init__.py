"""One file per service: how it starts, how it is known to be ready, how its depth is read."""
