"""What a web application left: its calls of the framework, and how long start and stop took."""

import json
from pathlib import Path

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array
from harness.measure.records import Records, read_all
from tasks.records import ENQUEUE_SUFFIX, LIFESPAN


def enqueues(folder: Path) -> Array:
    """The load's calls of the framework within a web application (SEND_TYPE), ``seq`` as sent."""
    return Records.of(
        read_all(folder, ENQUEUE_SUFFIX, SEND_TYPE), np.empty(0, dtype=RUN_TYPE)
    ).sends


def lifespan(folder: Path) -> dict[str, float] | None:
    """``start_s`` and ``stop_s`` of a web application; None when it did not come to its end."""
    path = folder / LIFESPAN
    return json.loads(path.read_text()) if path.exists() else None
