"""``compare --across``: what two stored experiments say beside each other, where they may.

Where machine, Python, broker or workload differ it is refused.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from harness.cli.exits import Exit
from harness.judge.across import Ratio, Stored, factors, matched, ratios
from harness.machine.fingerprint import Difference, Fingerprint, difference, gathered
from harness.scenario.catalogue import Load, load_words
from harness.store.database import open_database
from harness.store.queries import sql
from infrastructure.errors import UsageError

console = Console(highlight=False, soft_wrap=True)


def across(database: Path, first: str, second: str, declared: Sequence[str]) -> Exit:
    """Print the ratios; NO_VERDICT when one was refused."""
    code = Exit.FINE
    with open_database(database, read_only=True) as connection:
        for one, other in matched(read_arms(connection, first), read_arms(connection, second)):
            loads = [load for load in one.loads() if load in other.loads()]
            if not loads:
                raise UsageError(f"--across: {one.label} and {other.label} share no load")
            for load in loads:
                found = difference(
                    read_fingerprint(connection, one, load),
                    read_fingerprint(connection, other, load),
                    factors(one, other, declared),
                )
                code = Exit.NO_VERDICT if found.refused else code
                show(one, other, load, found)
    console.print(
        "Measured one after the other: a description, not a verdict. For a verdict interleave "
        "them: nox -s compare -- ARM ARM"
    )
    return code


def read_arms(connection: duckdb.DuckDBPyConnection, experiment: str) -> list[Stored]:
    """Its arms in order. Raises UsageError where nothing valid was measured."""
    arms: dict[tuple[int, str], dict[tuple[str, str, str], list[float]]] = defaultdict(dict)
    for number, label, scenario, point, metric, values in connection.execute(
        sql("across"), {"experiment": experiment}
    ).fetchall():
        arms[number, label][scenario, point, metric] = values
    if not arms:
        raise UsageError(f"--across {experiment}: no valid measuring trial of this experiment")
    return [Stored(experiment, number, label, values) for (number, label), values in arms.items()]


def read_fingerprint(connection: duckdb.DuckDBPyConnection, arm: Stored, load: Load) -> Fingerprint:
    asked = {
        "experiment": arm.experiment,
        "arm": arm.number,
        "scenario": load[0],
        "point": load[1],
    }
    return gathered(connection.execute(sql("fingerprint"), asked).fetchall())


def show(one: Stored, other: Stored, load: Load, found: Difference) -> None:
    console.print(
        f"[bold]{load_words(load)}[/]: {other.label} ({other.experiment}) / "
        f"{one.label} ({one.experiment})"
    )
    if found.refused:
        console.print("[red]refused[/], since these differ:")
        for sentence in found.refused:
            console.print(f"  {sentence}")
        return
    for sentence in found.flagged:
        console.print(f"  [yellow]flagged[/] {sentence}")
    table = Table("metric", "ratio of medians", "trials", "Cliff's δ", "Hedges' g", box=None)
    for ratio in ratios(one, other, load):
        table.add_row(*cells(ratio))
    console.print(table)


def cells(found: Ratio) -> list[str]:
    if found.none:
        return [found.metric, f"none: {found.none}", "", "", ""]
    g = "—" if found.g is None else f"{found.g:+.2f}"
    trials = ", ".join(map(str, found.trials))
    return [found.metric, f"{found.medians:.3f}", trials, f"{found.delta:+.2f}", g]
