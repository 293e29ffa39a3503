"""The stub in virtual time: waiting replaced by arithmetic."""

import math
import os
import random
from typing import Any

from tasks.probe import Probe
from tasks.records import OK


class VirtualServer:
    """Service by arithmetic: one server, FIFO, deterministic service, at most one stall."""

    def __init__(self, probe: Probe, options: dict[str, Any]) -> None:
        self._probe = probe
        self._service = int(options["service_us"] * 1000 * disturbance(options))
        self._stall_at = int(options.get("stall_at_ns", -1))
        self._stall = int(options.get("stall_ns", 0))
        self._origin = 0
        self._free = 0

    def execute(self, seq: int, kind: str, intended: int) -> None:
        self._origin = self._origin or intended
        start = max(intended, self._free)
        if self._stall and 0 <= start - self._origin - self._stall_at < self._stall:
            start = self._origin + self._stall_at + self._stall
        self._free = start + self._service
        self._probe.record(seq, start, self._free, kind, OK)


def disturbance(options: dict[str, Any]) -> float:
    """The factor that ``noise`` and ``block_noise`` make of this trial's service time."""
    seed = os.environ["PYTHONHASHSEED"]  # the trial's, shared by the arms of a block
    alone = drawn(f"{seed}/{options.get('salt', 0)}", options.get("noise", 0.0))
    return math.exp(alone + drawn(seed, options.get("block_noise", 0.0)))


def drawn(seed: str, deviation: float) -> float:
    return random.Random(seed).gauss(0.0, deviation)  # noqa: S311  noise, not a secret
