"""``cells``: every cell drains a small backlog on every broker that this machine can start.

A lock that resolves is no cell that runs: what a framework imports only when it connects, or only
on one broker, shows here. Nothing is measured and nothing kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.cli.console import console
from harness.cli.matrix import Cell
from harness.experiment.cleanup import guarded
from harness.prove.lone import BACKLOG, lone_plan, lone_setup
from harness.prove.place import DATABASE
from harness.scenario.point import QUICK, Point, Size
from harness.store.vocabulary import Purpose, Status
from harness.trial.cell import Arm
from harness.trial.outcome import Outcome
from harness.trial.steps import run_trial
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BenchError, UsageError

SMALL = replace(QUICK, name="cells", tasks=200, warmup_s=0.2, idle_s=0.1, idle_gate_s=0, late_s=0)
TRIED = replace(SMALL, tasks=2_000, warmup_s=0.5, drain_s=2.0)  # enough for a rough rate
WIDTH = 46  # columns of what stands before the result


@dataclass(frozen=True)
class Drain:
    """A cell, by its interpreter, and a broker."""

    cell: Cell
    broker: str
    executable: str

    @property
    def label(self) -> str:
        return f"{self.cell.framework} {self.cell.version} · {self.cell.python} · {self.broker}"


def drain_all(drains: Sequence[Drain], folder: Path, seed: int) -> int:
    """Drain, a line each, and count; how many did not come to their end."""
    brokers = settled(list(dict.fromkeys(drain.broker for drain in drains)))
    here = [drain for drain in drains if drain.broker in brokers]
    broken = 0
    with guarded(folder / DATABASE):
        for drain in here:
            said = "; ".join(complaints(drain, brokers[drain.broker], folder, seed))
            broken += bool(said)
            console.print(f"{drain.label:<{WIDTH}} " + (f"[red]{said}[/]" if said else "drained"))
    console.print(f"{len(here) - broken} of {len(here)} drained {SMALL.tasks} tasks each")
    return broken


def settled(names: Sequence[str]) -> dict[str, BrokerChoice]:
    """Those that can be started here; the others are said, with what helps."""
    found = {}
    for name in names:
        try:
            found[name] = BrokerChoice(name, "auto").settled()
        except UsageError as error:
            console.print(f"[yellow]left out: {error}[/]")
    return found


def complaints(drain: Drain, broker: BrokerChoice, folder: Path, seed: int) -> Iterator[str]:
    """What kept a cell from draining its backlog; nothing where it did."""
    cell = drain.cell
    arm = Arm(cell.framework, cell.version, cell.python, drain.executable, broker, "matched")
    try:
        outcome = drained(arm, SMALL, folder, seed)
    except BenchError as error:
        yield str(error)
    else:
        yield from shortfall(outcome)


def drained(arm: Arm, size: Size, folder: Path, seed: int) -> Outcome:
    """A backlog of this size. Raises BenchError where the cell does not even say how it starts."""
    setup = lone_setup(folder / DATABASE, arm, BACKLOG, "cells", seed)
    return run_trial(setup, lone_plan(setup, BACKLOG, Purpose.SELFBENCH, Point(size)))


def tried(arm: Arm, folder: Path, seed: int) -> tuple[float, str]:
    """Tasks/s that an arm drains, roughly; or why it does not."""
    try:
        with guarded(folder / DATABASE):
            outcome = drained(arm, TRIED, folder, seed)
    except BenchError as error:
        return 0.0, f"does not start: {str(error).splitlines()[-1]}"
    if said := "; ".join(shortfall(outcome)):
        return 0.0, f"does not drain: {said}"
    return outcome.metrics["drain_rate"], ""


def shortfall(outcome: Outcome) -> Iterator[str]:
    """Whether tasks are missing; how fast it was, or how steady, is no matter here."""
    if outcome.status in {Status.FAILED, Status.GAP}:
        *_, last = ["", *(outcome.trial.log_tail or "").splitlines()]
        yield f"{outcome.status}: {outcome.reason}" + (f": {last}" if last else "")
    elif outcome.metrics["completed_once"] != outcome.metrics["issued"]:
        yield outcome.reason
