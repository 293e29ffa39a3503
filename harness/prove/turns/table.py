"""What the rows say so far: each check against its bar, once enough of it was carried out."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from harness.judge.claims import Kind as Verdict
from harness.judge.signed_ranks import LEVEL, least_blocks
from harness.judge.student import t_quantile
from harness.prove.turns.estimates import (
    apart,
    arm_over,
    estimate,
    pooled_sd,
    ratios_of,
    sd_ratio,
    whole,
)
from harness.prove.turns.plan import (
    ALONE,
    EQUAL,
    FIVE,
    FIVE_ALONE,
    KINDS,
    LATENCY,
    PAIRS,
    PLANTED,
    THROUGHPUT,
    TWO,
    TWO_ALONE,
    Kind,
)
from harness.prove.validate.equal import WRONG
from harness.prove.validate.found import Found
from harness.scenario.primary import DRAIN_RATE, WORKERS_CPU
from harness.store.rows import Row
from harness.store.vocabulary import Status

CPU = WORKERS_CPU.name
NARROW = math.log(1.02)  # half of a 95 % interval
NARROW_MIN, NOISE = 5.0, 0.4
FALSE, LEAST = 0.05, 0.9  # of the comparisons
FOUND = {Verdict.SLOWER, Verdict.SLOWER_UNCERTAIN}
JUDGED = (DRAIN_RATE.name, CPU)  # whose scatter has a bar
LEAST_BLOCKS = least_blocks(LEVEL)


class Line(NamedTuple):
    """``decided``: whether enough was carried out for the bar. ``took_s``: all that it rests on."""

    found: Found
    decided: bool
    took_s: float


def lines(rows: Sequence[Row]) -> Iterator[Line]:
    """All checks of which something was carried out."""
    for scenario in (THROUGHPUT, LATENCY):
        yield from false_alarms(rows, scenario)
    for kind in KINDS.values():
        own = [row for row in rows if row["piece"][0] == kind.name]
        if own and kind.within_s:
            yield alone(kind, own)
        elif own and kind.blocks:
            yield planted(kind, own)
        elif own:
            yield from blocks(kind, own)
    yield from narrow(rows)


def of(rows: Sequence[Row], kind: Kind, arms: Sequence[str] = ()) -> list[Row]:
    own = [row for row in rows if row["piece"][0] == kind.name]
    return [row for row in own if not arms or tuple(row["piece"][1]) == tuple(arms)]


def seconds(rows: Sequence[Row]) -> float:
    return float(sum(row["seconds"] for row in rows))


def verdicts_of(rows: Sequence[Row], pairs: Sequence[tuple[int, int]]) -> list[Row]:
    """Verdicts by metric of each of these pairs of each comparison."""
    return [row["verdicts"].get(f"{a}-{b}", {}) for row in rows for a, b in pairs]


def false_alarms(rows: Sequence[Row], scenario: str) -> Iterator[Line]:
    """Comparisons of equal arms with a difference, an invalid or a missing verdict."""
    kinds = [k for k in KINDS.values() if k.scenario == scenario and k.blocks and not k.within_s]
    own = [row for kind in kinds for row in of(rows, kind)]
    if not own:
        return
    found, wanted = verdicts_of(own, EQUAL), len(EQUAL) * sum(kind.pieces for kind in kinds)
    wrong, most = sum(map(is_wrong, found)), max(1, int(FALSE * wanted))
    check = Found(
        f"A/A in turns, {scenario}",
        wrong,
        "wrong comparisons",
        most,
        at_most=True,
        sentence=f"{len(found)} of {wanted} comparisons of Celery with itself, with and without "
        f"computing planted in both; ratios of all of them: {pooled(found)}",
    )
    yield Line(check, len(found) >= wanted or wrong > most, seconds(own))


def is_wrong(verdicts: Row) -> bool:
    return len(verdicts) < 3 or any(v["kind"] in WRONG for v in verdicts.values())


def pooled(verdicts: Sequence[Row]) -> str:
    """The ratios of comparisons by metric: what a bias common to all would show in."""
    by_metric: dict[str, list[float]] = {}
    for each in verdicts:
        for metric, verdict in each.items():
            if verdict["ratio"]:
                by_metric.setdefault(metric, []).append(verdict["ratio"])
    return "; ".join(f"{name} {estimate(values)}" for name, values in by_metric.items())


def planted(kind: Kind, rows: Sequence[Row]) -> Line:
    """Comparisons in which the planted computing was found."""
    found, wanted = verdicts_of(rows, PLANTED), len(PLANTED) * kind.pieces
    seen, least = sum(map(is_found, found)), math.ceil(LEAST * wanted)
    check = Found(
        f"planted +{kind.percent} % in Celery, {kind.scenario} in turns",
        seen,
        "detections",
        least,
        at_most=False,
        sentence=f"{len(found)} of {wanted} comparisons of {kind.blocks} blocks: found dearer; "
        f"ratios of all of them: {pooled(found)}",
    )
    hopeless = len(found) - seen > wanted - least
    return Line(check, seen >= least or len(found) >= wanted or hopeless, seconds(rows))


def is_found(verdicts: Row) -> bool:
    return verdicts.get(CPU, {}).get("kind") in FOUND


def alone(kind: Kind, rows: Sequence[Row]) -> Line:
    """How long a comparison of two arms takes that finds it; never where it did not."""
    [row] = rows
    [verdicts] = verdicts_of([row], ALONE)
    minutes = row["seconds"] / 60 if is_found(verdicts) else math.nan
    check = Found(
        f"time to find +{kind.percent} % in Celery",
        minutes,
        "min",
        kind.within_s / 60,
        at_most=True,
        sentence=f"two arms alone, {kind.blocks} blocks, from the first start to the verdict: "
        f"{verdicts.get(CPU, {}).get('sentence', 'none')}",
    )
    return Line(check, decided=True, took_s=row["seconds"])


def blocks(kind: Kind, rows: Sequence[Row]) -> Iterator[Line]:
    """Blocks in turns and in sequence: whether their ratios agree, and how they scatter."""
    if not kind.loaded:
        yield from (agreement(kind, rows, arms) for arms in kind.groups if of(rows, kind, arms))
    if kind.scenario == THROUGHPUT:
        yield from (noise(kind, rows, metric) for metric in JUDGED)


def agreement(kind: Kind, rows: Sequence[Row], arms: Sequence[str]) -> Line:
    """The widest gap between the intervals of a ratio in turns and in sequence, by metric."""
    own = of(rows, kind, arms)
    said, gaps = [], []
    for first, second in PAIRS[tuple(arms)]:
        for metric in metrics_of(own):
            both = [ratios_of(own, how, metric, first, second) for how in ("turns", "sequence")]
            gaps.append(apart(*both))
            one, other = map(estimate, both)
            said.append(
                f"{arms[second]} / {arms[first]}, {metric}: {one} in turns, {other} in sequence"
            )
    costs = (
        f"{arm}, {metric}: {estimate(arm_over(own, metric, place))}"
        for place, arm in enumerate(arms)
        for metric in metrics_of(own)
    )
    check = Found(
        f"in turns as in sequence, {kind.scenario}: {', '.join(arms)}",
        max(gaps, default=math.nan),
        "% between intervals",
        0.0,
        at_most=True,
        sentence=f"{len(own)} blocks, {void(own)}; {'; '.join(said)}. What turns do to an arm, in "
        f"turns / alone: {'; '.join(costs)}",
    )
    return Line(check, enough(own, arms), seconds(own))


def noise(kind: Kind, rows: Sequence[Row], metric: str) -> Line:
    """The scatter of blocks in turns over that in sequence, over all pairs of arms."""
    pairs = [(arms, *pair) for arms in kind.groups for pair in PAIRS[arms]]
    both = [
        [ratios_of(of(rows, kind, arms), how, metric, a, b) for arms, a, b in pairs]
        for how in ("turns", "sequence")
    ]
    turns, sequence = map(pooled_sd, both)
    ratio, low, high = sd_ratio(*both)
    where = "beside one busy core" if kind.loaded else "on the machine as it is"
    each = "; ".join(
        f"{arms[b]} / {arms[a]} {pooled_sd([one]):.2%} and {pooled_sd([other]):.2%}"
        for (arms, a, b), one, other in zip(pairs, *both, strict=True)
    )
    check = Found(
        f"scatter in turns / in sequence, {metric}, {where}",
        ratio,
        "1",
        NOISE,
        at_most=True,
        sentence=f"standard deviation of a block's log-ratio: {turns:.2%} in turns, "
        f"{sequence:.2%} in sequence, 90 % interval of their ratio [{low:.2f}, {high:.2f}]; {each}",
    )
    decided = all(enough(of(rows, kind, arms), arms) for arms in kind.groups)
    return Line(check, decided, seconds(of(rows, kind)))


def narrow(rows: Sequence[Row]) -> Iterator[Line]:
    """How long it takes until drain rate and CPU of two equal arms are known to ± 2 %: blocks by
    the scatter between equal arms, minutes by what a block of two arms alone takes.
    """
    own, single = [*of(rows, TWO), *of(rows, FIVE)], [*of(rows, TWO_ALONE), *of(rows, FIVE_ALONE)]
    found = verdicts_of(own, EQUAL)
    if not found or not single:
        return
    block_s = max(row["seconds"] / KINDS[row["piece"][0]].blocks for row in single)
    for metric in JUDGED:
        sds = [sd for each in found if (sd := each.get(metric, {}).get("sd"))]
        sd = float(np.sqrt(np.mean(np.square(sds)))) if sds else math.nan
        count = wanted_for(sd)
        check = Found(
            f"time until {metric} is known to ± 2 %, Celery",
            count * block_s / 60,
            "min",
            NARROW_MIN,
            at_most=True,
            sentence=f"{count} blocks of {block_s:.1f} s (with what comes before them), whose "
            f"log-ratios scatter by {sd:.2%}",
        )
        yield Line(check, bool(sds), seconds([*own, *single]))


def wanted_for(sd: float) -> int:
    """The fewest blocks whose 95 % interval is that narrow, in the mean."""
    count = LEAST_BLOCKS
    while t_quantile(count) * sd / math.sqrt(count) > NARROW:
        count += 1
    return count


def metrics_of(rows: Sequence[Row]) -> list[str]:
    """Those that every sound trial has."""
    every = (trial for row in rows for how in ("turns", "sequence") for trial in row[how])
    trials = [trial for trial in every if trial["status"] == Status.OK]
    names = [name for name in trials[0] if name not in {"status", "reason"}] if trials else []
    return [name for name in names if all(trial.get(name) for trial in trials)]


def enough(rows: Sequence[Row], arms: Sequence[str]) -> bool:
    return len([row for row in rows if whole(row, range(len(arms)))]) >= LEAST_BLOCKS


def void(rows: Sequence[Row]) -> str:
    """How many trials of blocks were not ok, and why the first was not."""
    trials = [trial for row in rows for how in ("turns", "sequence") for trial in row[how]]
    wrong = [trial["reason"] for trial in trials if trial["status"] != Status.OK]
    first = f", the first: {wrong[0]}" if wrong else ""
    return f"{len(wrong)} of {len(trials)} trials void{first}"
