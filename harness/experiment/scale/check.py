"""The simulation beside what was measured: the same workers at the same delays, on one machine,
which the proxy that delays works on too.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from harness.experiment.scale.read import RATE, REAL_RTT, Known
from harness.judge.scale_out.network import Site, simulate

TASKS = 5_000


class Beside(NamedTuple):
    """``measured`` and ``simulated`` tasks/s at a point of the scenario."""

    point: str
    measured: float
    simulated: float

    @property
    def off(self) -> float:
        """By which share of the measured one the simulated one is higher."""
        return self.simulated / self.measured - 1


def beside(known: Known, cores: int) -> Iterator[Beside]:
    """``cores``: of the machine that broker and workers shared. Processes of a pool are not what is
    simulated.
    """
    for name, point in known.arm.points.items():
        if known.pooled and point.processes > 1:
            continue
        cpu_s = point.cpu_s()
        if cpu_s is None or not {RATE, REAL_RTT} <= {*point.values}:
            continue
        *_, network_s = cpu_s
        costs = replace(known.costs, network_s=network_s)
        site = Site(point.processes, point.concurrency, point.values[REAL_RTT] / 1e3, cores=cores)
        yield Beside(name, point.values[RATE], simulate(costs, site, TASKS).rate)
