"""What a comparison says before it starts and after it was judged."""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.table import Table

from harness.cli.console import console
from harness.cli.forecast import Forecast
from harness.cli.progress import clock
from harness.experiment.capacity import CALIBRATOR
from harness.experiment.comparison.comparison import Comparison, Key
from harness.experiment.comparison.judging import Judged, pinned
from harness.experiment.comparison.measured import Measured
from harness.judge.planning import tolerable_spread
from harness.judge.sentences import MARKS, percent
from harness.scenario.catalogue import load_words
from harness.trial.cell import wanted
from infrastructure.counted import counted

# What a rate is worth that was measured so.
PINNED_SAID = (
    "each worker process keeps to a core of its own while a backlog is drained; its rates are not "
    "those of workers that the kernel places"
)


def show_plan(comparison: Comparison) -> None:
    setup = comparison.setups[0]
    topology = setup.descriptions[wanted(CALIBRATOR, {})].workers_topology
    console.print(
        f"[bold]{comparison.title}[/] · factor: {comparison.experiment.factor} "
        f"· profile {setup.arm.profile}: {counted(topology.slots, 'task')} in flight · "
        f"seed {comparison.seed}"
    )
    loads = ", ".join(map(load_words, comparison.loads()))
    console.print(
        f"{counted(comparison.blocks, 'block')} of {loads}; every arm once per block, in random "
        "order"
    )
    if comparison.pinned:
        console.print(f"--pin: {PINNED_SAID}")
    expects_s = Forecast().expects_s
    total = expects_s(comparison.planned_block()) * comparison.blocks
    total += expects_s(comparison.planned_learning())
    console.print(
        f"at most {clock(total)}, less when intervals are narrow → {comparison.database} · "
        f"experiment {comparison.id}"
    )
    console.print(what_it_can_find(comparison))


def what_it_can_find(comparison: Comparison) -> str:
    """The claims, the fewest blocks that find one of them, and the power of those planned."""
    if comparison.blocks < comparison.least_blocks:
        return (
            f"[yellow]{too_few(comparison, comparison.blocks)}[/]: this will describe only; for "
            f"verdicts: --blocks {comparison.least_blocks}, or more"
        )
    margins = sorted({comparison.primary(key).margin for key in comparison.metrics()})
    powers = ", ".join(power(comparison, margin) for margin in margins)
    return (
        f"{counted(comparison.claims, 'claim')}, found with "
        f"{counted(comparison.least_blocks, 'block')} at least · "
        f"power of {counted(comparison.blocks, 'block')}: 80 % to find {powers}"
    )


def power(comparison: Comparison, margin: float) -> str:
    """A difference of the margin, and the spread at which it is found."""
    spread = tolerable_spread(comparison.blocks, margin, comparison.claims)
    return f"{percent(margin)} where the ratios of blocks scatter by {percent(spread)}"


def too_few(comparison: Comparison, blocks: int) -> str:
    """Why so many blocks decide nothing."""
    return (
        f"{counted(blocks, 'block')} can find nothing among "
        f"{counted(comparison.claims, 'claim')}, which takes {comparison.least_blocks}"
    )


def show_verdicts(judged: Sequence[Judged]) -> None:
    table = Table("verdict", "in words", box=None, header_style="dim", show_lines=False)
    for _, _, verdict in judged:
        table.add_row(MARKS[verdict.kind], verdict.sentence)
        if verdict.cross_check:
            table.add_row("", f"[yellow]{verdict.cross_check}[/]")
    console.print(table)


def likeness_of_turns(comparison: Comparison, found: Measured) -> Iterator[str]:
    """By load in turns, how much neighbouring turns of each arm are alike: where they are, a turn
    is no value of its own, which is why blocks are compared.
    """
    for load in comparison.loads():
        by_arm = defaultdict[int, list[float]](list)
        for values in found.of(Key(*load, "turn_autocorrelation")).values():
            for arm, value in values.items():
                by_arm[arm] += [value] if math.isfinite(value) else []
        likeness = ", ".join(
            f"{comparison.name(arm)} {statistics.median(values):+.2f}"
            for arm, values in sorted(by_arm.items())
            if values
        )
        if likeness:
            yield (
                f"{load_words(load)}: correlation of neighbouring turns, median of the blocks: "
                f"{likeness}; a block is one value, however many turns it has"
            )


def show_ratios(comparison: Comparison, found: Measured) -> None:
    """The ratios as they fell, and no word on what they mean."""
    table = Table("metric", "arms", "median ratio", "range", box=None, header_style="dim")
    for question in comparison.questions():
        key, pair = question
        values = found.paired(key, pair)
        both = zip(values.baseline, values.candidate, strict=True)
        ratios = sorted(candidate / baseline for baseline, candidate in both if baseline > 0)
        if ratios:
            names = f"{comparison.name(pair.candidate)} / {comparison.name(pair.baseline)}"
            middle, ends = statistics.median(ratios), f"{ratios[0]:.3f} – {ratios[-1]:.3f}"
            what = ", ".join(filter(None, [key.metric, pinned(comparison, found, question)]))
            table.add_row(f"{key.scenario}: {what}", names, f"{middle:.3f}", ends)
    console.print(table)
