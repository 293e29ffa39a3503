"""What the rows say so far: counts, estimates, and whether each bar is met."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from harness.judge.claims import Kind as Verdict
from harness.judge.signed_ranks import hodges_lehmann, least_blocks, signed_rank_interval
from harness.prove.validate.equal import WRONG
from harness.store.vocabulary import Status
from tests.verdicts.plan import BLOCK, COMPARISONS, EQUAL, FIVE, KINDS, LOADED, PAIRS, SAME, TWO

FOUND = {Verdict.SLOWER, Verdict.SLOWER_UNCERTAIN}
CPU = "workers_cpu_per_task"
MOST_FALSE, LEAST_FOUND = 0.05, 0.9  # of the comparisons
NOISE = 0.4  # of the standard deviation in sequence, at most, in turns
SHOWN = ("drain_rate", CPU, "enqueue_rate")

Row = dict[str, Any]


def lines(rows: Sequence[Row]) -> Iterator[tuple[str, bool | None]]:
    """Each with whether its bar is met; None where it has none, or not enough was carried out."""
    yield false_alarms(of(rows, EQUAL))
    for kind in (TWO, FIVE):
        yield found(kind, of(rows, kind))
    for kind in (EQUAL, TWO, FIVE):
        yield from ratios(kind, of(rows, kind))
    yield broken([*of(rows, BLOCK), *of(rows, LOADED)])
    for arms in PAIRS:
        yield from agreement(arms, of(rows, BLOCK, arms))
    for arms in SAME:
        yield from cost_of_pauses(arms, of(rows, BLOCK, arms))
    for kind in (BLOCK, LOADED):
        for arms in SAME:
            yield from noise(kind, arms, of(rows, kind, arms))


def of(rows: Sequence[Row], kind: str, arms: Sequence[str] = ()) -> list[Row]:
    named = [row for row in rows if row["piece"][0] == kind]
    return [row for row in named if not arms or tuple(row["piece"][1]) == tuple(arms)]


def false_alarms(rows: Sequence[Row]) -> tuple[str, bool | None]:
    """Comparisons of equal arms with a difference, an invalid or a missing verdict."""
    wrong, wanted = sum(is_wrong(row) for row in rows), COMPARISONS[EQUAL]
    most = int(MOST_FALSE * wanted)
    met = wrong <= most if len(rows) == wanted or wrong > most else None
    return f"equal arms: {wrong} wrong of {len(rows)} ({wanted} wanted, at most {most})", met


def is_wrong(row: Row) -> bool:
    verdicts = row["verdicts"]
    return set(verdicts) != set(SHOWN) or any(v["kind"] in WRONG for v in verdicts.values())


def found(kind: str, rows: Sequence[Row]) -> tuple[str, bool | None]:
    """Comparisons in which the planted computing was found in time."""
    wanted, within_s = COMPARISONS[kind], KINDS[kind].within_s
    seen = sum(is_found(row, within_s) for row in rows)
    least = math.ceil(LEAST_FOUND * wanted)
    hopeless = len(rows) - seen > wanted - least
    met = seen >= least if len(rows) == wanted or hopeless else None
    longest = max((row["seconds"] for row in rows), default=0.0)
    said = f"{KINDS[kind].what}: found {seen} of {len(rows)} within {within_s:.0f} s"
    return f"{said} ({wanted} wanted, at least {least}), the longest took {longest:.0f} s", met


def is_found(row: Row, within_s: float) -> bool:
    verdict = row["verdicts"].get(CPU, {})
    return verdict.get("kind") in FOUND and row["seconds"] <= within_s


def broken(rows: Sequence[Row]) -> tuple[str, None]:
    """Trials of blocks that were not ok."""
    trials = [trial for row in rows for how in ("turns", "sequence") for trial in row[how]]
    wrong = [trial["reason"] for trial in trials if trial["status"] != Status.OK]
    first = f", the first: {wrong[0]}" if wrong else ""
    return (
        f"blocks in turns and in sequence: {len(wrong)} of {len(trials)} trials void{first}",
        None,
    )


def ratios(kind: str, rows: Sequence[Row]) -> Iterator[tuple[str, None]]:
    """The ratios of the comparisons, pooled: what a bias common to all would show in."""
    for name in SHOWN if rows else ():
        values = [row["verdicts"].get(name, {}).get("ratio") for row in rows]
        yield f"  {KINDS[kind].what}, {name}: {estimate(v for v in values if v)}", None


def agreement(arms: Sequence[str], rows: Sequence[Row]) -> Iterator[tuple[str, bool | None]]:
    """The ratios in turns and in sequence: they agree where their intervals overlap."""
    for name in SHOWN if rows else ():
        turns, sequence = ratios_of(rows, "turns", name), ratios_of(rows, "sequence", name)
        met = overlap(turns, sequence)
        said = f"in turns {estimate(turns)}, in sequence {estimate(sequence)}"
        yield f"{arms[1]} / {arms[0]}, {name}: {said}", met


def cost_of_pauses(arms: Sequence[str], rows: Sequence[Row]) -> Iterator[tuple[str, None]]:
    """What an arm does in its turns over what it does alone."""
    for name in SHOWN if rows else ():
        kept = [row for row in rows if whole(row, name)]
        values = [mean_of(row["turns"], name) / mean_of(row["sequence"], name) for row in kept]
        yield f"{arms[0]} in turns / alone, {name}: {estimate(values)}", None


def noise(kind: str, arms: Sequence[str], rows: Sequence[Row]) -> Iterator[tuple[str, bool | None]]:
    """The spread of blocks in turns over that in sequence, at equal measuring time."""
    where = "beside one busy core" if kind == LOADED else "quiet"
    for name in SHOWN:
        turns, sequence = ratios_of(rows, "turns", name), ratios_of(rows, "sequence", name)
        if len(turns) < least_blocks(0.95):
            continue
        one, other = (float(np.std(np.log(v), ddof=1)) for v in (turns, sequence))
        met = one / other <= NOISE if name != "enqueue_rate" else None
        said = f"{one:.2%} in turns, {other:.2%} in sequence, {one / other:.2f} (at most {NOISE})"
        yield f"{arms[0]}, {where}, {name}: sd of the log ratio of {len(turns)} blocks {said}", met


def ratios_of(rows: Sequence[Row], how: str, name: str) -> list[float]:
    """Second over first arm in the blocks that have both."""
    return [row[how][1][name] / row[how][0][name] for row in rows if whole(row, name)]


def whole(row: Row, name: str) -> bool:
    return all(trial.get(name, 0) > 0 for how in ("turns", "sequence") for trial in row[how])


def mean_of(trials: Iterable[Row], name: str) -> float:
    """The geometric one."""
    return float(np.exp(np.mean([np.log(trial[name]) for trial in trials])))


def estimate(values: Iterable[float]) -> str:
    """The pseudomedian of ratios, with its 95 % interval once there are enough."""
    d = np.log(list(values))
    if not len(d):
        return "nothing yet"
    middle = math.exp(hodges_lehmann(d))
    if len(d) < least_blocks(0.95):
        return f"{middle:.4f} of {len(d)}"
    interval = signed_rank_interval(d)
    return f"{middle:.4f} [{math.exp(interval.low):.4f}, {math.exp(interval.high):.4f}] of {len(d)}"


def overlap(one: Sequence[float], other: Sequence[float]) -> bool | None:
    if min(len(one), len(other)) < least_blocks(0.95):
        return None
    a, b = (signed_rank_interval(np.log(values)) for values in (one, other))
    return max(a.low, b.low) <= min(a.high, b.high)
