"""``selfbench``: what the harness itself costs, measured and stored like everything else.

Each measurement has an aim; one that is missed is said in the trial's remarks and printed beside
the results that it touches. Comparisons run interleaved, in alternating order.
"""

import resource
import time
from collections.abc import Callable, Iterator
from functools import partial

from rich.table import Table

from harness.cli.console import console
from harness.cli.progress import seconds_left
from harness.experiment.cleanup import guarded
from harness.prove.selfbench.aims import aim_of, missed
from harness.prove.selfbench.api import api_cost
from harness.prove.selfbench.database import ingest_and_report
from harness.prove.selfbench.enqueue import enqueue_share
from harness.prove.selfbench.monitoring import monitoring_cost
from harness.prove.selfbench.observer import observer_effect
from harness.prove.selfbench.probe import clock_violations, probe_cost
from harness.prove.selfbench.session import Session
from harness.prove.selfbench.storing import store_session
from harness.prove.selfbench.trials import whole_trials
from harness.trial.cell import Arm

ALONE: dict[str, Callable[[Session], None]] = {
    "CPU of the mock API": api_cost,
    "clocks of two processes": clock_violations,
    "ingest, report and export of a million records": ingest_and_report,
}
OF_AN_ARM: dict[str, Callable[[Session, Arm], None]] = {
    "probe cost a record": probe_cost,
    "trial overhead and generator lag": whole_trials,  # the capacity that the next ones go by
    "enqueue rate against the bare loop": enqueue_share,
    "cost of being scraped once a second": monitoring_cost,
    "observer effect on a drain": observer_effect,
}


def selfbench(session: Session) -> int:
    """Measure, store, show; 0 even when an aim is missed: a missed aim is a result."""
    with guarded(session.database):
        try:
            measure(session)
        finally:
            store_session(session)  # what was measured before a step that failed is kept
    show(session)
    return 0


def measure(session: Session) -> None:
    steps = list(steps_of(session))
    begin = time.monotonic()
    for done, (what, step) in enumerate(steps):
        left = seconds_left(begin, done, len(steps))
        said = f", about {left:.0f} s left" if done else ""
        console.print(f"{done + 1}/{len(steps)} {what}{said}")
        step()


def steps_of(session: Session) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is measured, in order."""
    for what, alone in ALONE.items():
        yield what, partial(alone, session)
    for arm in session.arms:
        for what, of_arm in OF_AN_ARM.items():
            yield f"{what}: {arm.framework}", partial(of_arm, session, arm)


def show(session: Session) -> None:
    """Every figure beside its aim, and what was missed."""
    table = Table("measured", "value", "unit", "aim", "", box=None, header_style="dim")
    for metric in session.metrics:
        aim = aim_of(metric.name)
        met = "[green]met[/]" if aim and aim.met(metric.value) else "[yellow]missed[/]"
        value = f"{metric.value:,.4g}"
        table.add_row(metric.name, value, metric.unit, str(aim or ""), met if aim else "")
    console.print(table)
    for sentence in missed(session.metrics):
        console.print(f"[yellow]aim missed[/] {sentence}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    console.print(
        f"stored in {session.database} · peak memory of this session {peak / 1024:.0f} MiB"
    )
