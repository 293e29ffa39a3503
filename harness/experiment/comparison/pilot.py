"""Five blocks that no verdict uses: how many blocks, and how long a warm-up, the margins take."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from harness.experiment.comparison.blocks import Block
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.machines import Machines
from harness.experiment.comparison.measured import read_measured
from harness.experiment.order import plan_blocks
from harness.judge.planning import required_blocks
from harness.judge.warm_up import LEAST_BINS, warm_up
from harness.scenario.catalogue import Load, load_words
from harness.store.database import open_database
from harness.store.queries import sql
from harness.store.vocabulary import Purpose
from infrastructure.counted import counted

BLOCKS = 5
WARMUP = 3  # times the usual one, to see where it settles
SETTLED = 1.5  # times what the slowest took to settle
BINS_A_WARMUP = 4  # of the usual one
LEAST_SIZED, MOST_SIZED = 10, 30  # METHOD 2: blocks that a pilot may ask for


def size_by_pilot(comparison: Comparison, machines: Machines) -> None:
    """Run the pilot; the comparison gets its blocks and its warm-up, stored for going on."""
    usual = comparison.size
    run_pilot(comparison, machines)
    wanted = max(asked_by_spread(comparison), default=0)
    least = max(LEAST_SIZED, comparison.least_blocks)
    comparison.blocks = max(least, min(wanted, MOST_SIZED))
    warmup_s = longest_warm_up(comparison, usual.warmup_s)
    comparison.size = replace(usual, warmup_s=warmup_s)
    comparison.console.print(f"pilot: {warmup_s:.1f} s of warm-up")
    comparison.console.print(
        f"pilot: {counted(comparison.blocks, 'block')} (the spread asks for {wanted})"
    )
    sized = {"experiment": comparison.id, "blocks": comparison.blocks, "warmup_s": warmup_s}
    with open_database(comparison.database) as connection:
        connection.execute(sql("size_experiment"), sized)


def run_pilot(comparison: Comparison, machines: Machines) -> None:
    comparison.size = replace(comparison.size, warmup_s=WARMUP * comparison.size.warmup_s)
    machines.expect(BLOCKS)
    rng = np.random.default_rng(comparison.seed + 1)
    orders = plan_blocks(len(comparison.setups), BLOCKS, rng)
    machines.carry_out(Block(n, order, Purpose.PILOT) for n, order in enumerate(orders, 1))


def asked_by_spread(comparison: Comparison) -> list[int]:
    """The blocks that each metric's spread asks for."""
    found = read_measured(comparison, Purpose.PILOT)
    asked = []
    for key, pair in comparison.questions():
        values = found.paired(key, pair)
        if values.blocks >= 2:
            d, margin = values.d, comparison.primary(key).margin
            asked.append(required_blocks(d, margin, comparison.claims, values.strata))
    return asked


def longest_warm_up(comparison: Comparison, least_s: float) -> float:
    """METHOD 5: 1.5 times what the slowest arm and load took to settle in the pilot; the pilot's
    own warm-up where one never settled in it.
    """
    width = least_s / BINS_A_WARMUP
    longest = least_s
    for (arm, load), bins in warm_up_bins(comparison, width).items():
        settled = warm_up(bins) if len(bins) >= LEAST_BINS else None
        if settled is None:
            where = f"{comparison.name(arm)}, {load_words(load)}"
            comparison.console.print(
                f"[yellow]{where}: no steady state within the pilot's warm-up[/]"
            )
        took = WARMUP * least_s if settled is None else SETTLED * settled * width
        longest = max(longest, took)
    return longest


def warm_up_bins(
    comparison: Comparison, width: float
) -> Mapping[tuple[int, Load], Sequence[float]]:
    """By arm and load, in bins of ``width`` seconds: the median sojourn time of an open loop, the
    tasks completed of a backlog.
    """
    series: dict[tuple[int, Load], list[float]] = {}
    asked = {"experiment": comparison.id, "width": width}
    with open_database(comparison.database, read_only=True) as connection:
        rows = connection.execute(sql("pilot_warmup"), asked).fetchall()
    for arm, scenario, point, opened, _, tasks, sojourn in rows:
        series.setdefault((arm, (scenario, point)), []).append(sojourn if opened else tasks)
    return series
