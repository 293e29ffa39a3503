"""What a bench session says before it starts and after it ended."""

import shlex

from rich.table import Table

from harness.cli.console import console
from harness.cli.exits import Exit
from harness.cli.forecast import Forecast
from harness.cli.progress import clock
from harness.experiment.bench.plan import SEARCH_TRIALS
from harness.experiment.bench.session import BenchSession
from harness.experiment.capacity import CALIBRATOR
from harness.experiment.cut_off import CUT_OFF
from harness.scenario.catalogue import load_scenarios
from harness.scenario.point import QUICK
from harness.store.vocabulary import Purpose, Status
from harness.trial.cell import wanted
from harness.trial.profilers.tools import PROFILERS
from infrastructure.counted import counted

UNKNOWN = " (a guess until the first trial: nothing is stored for this arm on this broker)"


def list_scenarios() -> None:
    table = Table("scenario", "question", "primary metrics", box=None, header_style="bold")
    for name, scenario in load_scenarios().items():
        table.add_row(name, scenario.question, ", ".join(scenario.primary_names))
    console.print(table)


def show_plan(session: BenchSession) -> None:
    """The plan and the expected time, before anything starts."""
    arm, plan = session.setup.arm, session.plan
    console.print(
        f"[bold]{arm.label}[/] · profile {arm.profile}: {workers_of(session)} · seed {session.seed}"
    )
    console.print(table_of(session))
    if plan.searched_ms:
        console.print(
            f"then a search for the rate that holds p99 ≤ {plan.searched_ms:g} ms, about "
            f"{SEARCH_TRIALS} trials"
        )
    quick = " · quick: a first look; don't quote its numbers" if plan.size is QUICK else ""
    console.print(
        f"{counted(len(session.left()), 'trial')}, about "
        f"{clock(Forecast().expects_s(session.planned()))}"
        f"{'' if session.expected.known else UNKNOWN} → {session.setup.database}{quick}"
    )


def workers_of(session: BenchSession) -> str:
    """How many there are for a backlog, or why none drain one."""
    described = session.setup.descriptions[wanted(CALIBRATOR, {})]
    if described.gap:
        return f"no loads that are shares of a drain rate, since {described.gap}"
    topology = described.workers_topology
    workers = counted(topology.processes, "worker process", "worker processes")
    return f"{workers}, {counted(topology.concurrency, 'task')} at a time each"


def table_of(session: BenchSession) -> Table:
    """The loads, and how many trials of each."""
    table = Table("scenario", "load", "trials", "purpose", box=None, header_style="dim")
    counted: dict[tuple[str, str, Purpose], int] = {}
    for scenario, point, _, purpose in session.left():
        key = (scenario.name, point.label, purpose)
        counted[key] = counted.get(key, 0) + 1
    for (name, load, purpose), count in counted.items():
        table.add_row(name, load, str(count), purpose)
    return table


def summarise(session: BenchSession) -> Exit:
    """Say what is not ok and what to type next: FOUND when a measuring trial failed, NO_VERDICT
    when none of them gives a figure, or time ended before the plan did.
    """
    for outcome in session.outcomes:
        if outcome.trial.purpose in PROFILERS and outcome.status == Status.FAILED:
            console.print(f"[yellow]no profile:[/] {outcome.reason}")
    measured = session.measured
    gaps = [o for o in measured if o.status == Status.GAP]
    for sentence in dict.fromkeys(o.reason for o in gaps):
        console.print(f"[cyan]cannot:[/] {sentence}")
    for sentence in session.redo.said("a trial", session.typed):
        console.print(f"[bold yellow]{sentence}[/]")
    say_what_is_left(session)
    ok, tried = sum(o.status == Status.OK for o in measured), len(measured) - len(gaps)
    came = f"{ok} of {tried} measuring trials ok" if tried else none_measured(session)
    console.print(f"{came} · experiment {session.id} · next: nox -s report")
    if any(o.status == Status.FAILED for o in measured):
        return Exit.FOUND
    if tried and not ok:
        console.print("[red]no figure can be used: each line above says why[/]")
        return Exit.NO_VERDICT
    return Exit.NO_VERDICT if session.left() else Exit.FINE


def none_measured(session: BenchSession) -> str:
    """Why there is no measuring trial."""
    broken = [o for o in session.outcomes if o.trial.purpose == Purpose.BROKEN]
    disturbed = sum(o.reason not in CUT_OFF for o in broken)
    if not disturbed:
        return "no trial was measured"
    kept = "1 is" if disturbed == 1 else f"{disturbed} are"
    return f"no trial was left undisturbed; {kept} kept as broken"


def say_what_is_left(session: BenchSession) -> None:
    """What there was no time for, and how to go on."""
    if left := session.left():
        first, session_of = left[0], session.typed.partition(" -- ")[0]
        takes_s = session.expected.planned(*first[:2], first.purpose).guess_s()
        console.print(
            f"no time for {counted(len(left), 'trial')}, the next of which takes about "
            f"{clock(takes_s)}; to go on: {session_of} -- --resume {session.id} "
            f"--db {shlex.quote(str(session.setup.database))} --max-time TIME",
            highlight=False,
        )
