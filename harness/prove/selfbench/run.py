"""``selfbench``: what the harness itself costs, measured and stored like everything else.

Each measurement has an aim; one that is missed is said in the trial's remarks and printed beside
the results that it touches. Comparisons run interleaved, in alternating order.
"""

import resource
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from rich.table import Table

from harness.cli.console import console
from harness.cli.progress import clock
from harness.experiment.cleanup import guarded
from harness.prove.selfbench.aims import aim_of, missed
from harness.prove.selfbench.api import api_cost
from harness.prove.selfbench.database import ingest_and_report
from harness.prove.selfbench.enqueue import enqueue_share
from harness.prove.selfbench.monitoring import monitoring_cost
from harness.prove.selfbench.observer import observer_effect
from harness.prove.selfbench.probe import clock_violations, probe_cost
from harness.prove.selfbench.session import SelfbenchSession
from harness.prove.selfbench.storing import store_session
from harness.prove.selfbench.trials import whole_trials


class Step(NamedTuple):
    """``expected_s``: roughly, on two cores, at full size; of the two frameworks the slower one."""

    what: str
    expected_s: float
    run: Callable[..., None]


ALONE = (
    Step("CPU of the mock API", 6, api_cost),
    Step("clocks of two processes", 1, clock_violations),
    Step("ingest, report and export of a million records", 20, ingest_and_report),
)
OF_AN_ARM = (
    Step("probe cost a record", 3, probe_cost),
    # The capacity that the next ones go by.
    Step("trial overhead and generator lag", 18, whole_trials),
    Step("enqueue rate against the bare loop", 22, enqueue_share),
    Step("cost of being scraped once a second", 45, monitoring_cost),
    Step("observer effect on a drain", 75, observer_effect),
)


def selfbench(session: SelfbenchSession) -> int:
    """Measure, store, show; 0 even when an aim is missed: a missed aim is a result."""
    with guarded(session.database):
        try:
            measure(session)
        finally:
            store_session(session)  # what was measured before a step that failed is kept
    show(session)
    return 0


def measure(session: SelfbenchSession) -> None:
    steps = list(steps_of(session))
    for done, step in enumerate(steps):
        left = clock(sum(later.expected_s for later in steps[done:]))
        console.print(f"{done + 1}/{len(steps)} {step.what}, about {left} left")
        step.run()


def steps_of(session: SelfbenchSession) -> Iterator[Step]:
    """What is measured, in order."""
    for alone in ALONE:
        yield alone._replace(run=partial(alone.run, session))
    for arm in session.arms:
        for step in OF_AN_ARM:
            what = f"{step.what}: {arm.framework}"
            yield step._replace(what=what, run=partial(step.run, session, arm))


def show(session: SelfbenchSession) -> None:
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
