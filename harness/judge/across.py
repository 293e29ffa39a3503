"""``compare --across``: a ratio of two stored experiments, where METHOD 8 allows one.

They ran one after the other, so whatever drifted in between is in the ratio: a description with
its effect sizes, never a verdict. Where machine, Python, broker or workload differ it is refused.
"""

import argparse
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
from rich.console import Console
from rich.table import Table

from harness.judge.effect import cliffs_delta, hedges_g
from harness.machine.fingerprint import Difference, Fingerprint, difference, gathered
from harness.scenario.catalogue import Load, load_scenarios, load_words
from harness.store.database import open_database
from harness.store.queries import sql
from infrastructure.errors import UsageError

REFUSED = 3  # exit code: no ratio could be given

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Stored:
    """One arm of a stored experiment: values by load and metric."""

    experiment: str
    number: int
    label: str
    values: dict[tuple[str, str, str], list[float]]

    @property
    def framework(self) -> str:
        return self.label.split()[0]

    def loads(self) -> list[Load]:
        return list(dict.fromkeys((scenario, point) for scenario, point, _ in self.values))


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


def matched(ones: list[Stored], others: list[Stored]) -> list[tuple[Stored, Stored]]:
    """Arms of the same name, or the only arm of each. Raises UsageError when there is no pair."""
    if len(ones) == len(others) == 1:
        return [(ones[0], others[0])]
    pairs = [(a, b) for a in ones for b in others if a.label == b.label]
    if not pairs:
        have = " and ".join(", ".join(arm.label for arm in arms) for arms in (ones, others))
        raise UsageError(f"--across: the experiments share no arm; they have {have}")
    return pairs


def factors(one: Stored, other: Stored, declared: Sequence[str]) -> list[str]:
    """What may differ: what was declared, and how a framework is told where there are two."""
    return [*declared, *(["framework"] if one.framework != other.framework else [])]


def across_command(options: argparse.Namespace) -> int:
    """Print the ratios; 0, or 3 when one was refused."""
    first, second = options.across
    code = 0
    with open_database(options.db, read_only=True) as connection:
        for one, other in matched(read_arms(connection, first), read_arms(connection, second)):
            loads = [load for load in one.loads() if load in other.loads()]
            if not loads:
                raise UsageError(f"--across: {one.label} and {other.label} share no load")
            for load in loads:
                found = difference(
                    read_fingerprint(connection, one, load),
                    read_fingerprint(connection, other, load),
                    factors(one, other, options.factor),
                )
                code = max(code, REFUSED if found.refused else 0)
                show(one, other, load, found)
    console.print(
        "Measured one after the other: a description, not a verdict. For a verdict interleave "
        "them: nox -s compare -- ARM ARM"
    )
    return code


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
    for row in rows(one, other, load):
        table.add_row(*row)
    console.print(table)


def rows(one: Stored, other: Stored, load: Load) -> Iterator[tuple[str, ...]]:
    """Every primary metric: its ratio and effect sizes, or why there is none."""
    known = load_scenarios().get(load[0])
    theirs = sorted({metric for *found, metric in one.values if tuple(found) == load})
    for metric in known.primary_names if known else theirs:  # a user's scenario is not here
        a, b = one.values.get((*load, metric), []), other.values.get((*load, metric), [])
        if not a or not b:
            missing = one if not a else other
            yield metric, f"none: not measured in {missing.experiment}", "", "", ""
            continue
        if min(*a, *b) <= 0:
            yield metric, "none: a trial has 0", "", "", ""
            continue
        g = f"{hedges_g(a, b):+.2f}" if min(len(a), len(b)) > 1 else "—"
        yield (
            metric,
            f"{statistics.median(b) / statistics.median(a):.3f}",
            f"{len(b)}, {len(a)}",
            f"{cliffs_delta(a, b):+.2f}",
            g,
        )
