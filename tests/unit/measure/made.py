"""Records of a queue that nobody ran."""

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records

MS = 1_000_000


def queue(arrivals_ms: list[float], service_ms: float) -> Records:
    """A FIFO with one server, as records."""
    sends = np.zeros(len(arrivals_ms), SEND_TYPE)
    runs = np.zeros(len(arrivals_ms), RUN_TYPE)
    sends["seq"] = runs["seq"] = np.arange(len(arrivals_ms))
    sends["intended"] = sends["send"] = sends["ack"] = np.array(arrivals_ms) * MS
    free = 0.0
    for i, arrival in enumerate(arrivals_ms):
        start = max(arrival, free)
        free = start + service_ms
        runs["start"][i], runs["end"][i] = start * MS, free * MS
    return Records(sends, runs)
