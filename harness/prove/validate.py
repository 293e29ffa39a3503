"""``validate``: the harness proves itself, row by row of docs/method.md, section 9.

Every check ends in one number held against a bar, stored in the table ``proof`` and shown on the
report. Experiments of the stub run in virtual time with a known spread: worker, socket, records,
accounting, store, pairing and verdicts are the real ones, and the truth is known. Their trials go
into a database of their own that is thrown away.

Bars of counts are 99 % quantiles of what a right harness gives by chance: 123 of 2,000 and 18 of
200 false alarms at a nominal 5 %. A right harness misses one bar in a hundred.
"""

import argparse
import math
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy import stats as distributions

from harness.cli.matrix import Matrix
from harness.cli.progress import clock, seconds_left
from harness.experiment.cleanup import guarded
from harness.experiment.comparison.comparison import Comparison, Pair
from harness.experiment.comparison.judging import judge_comparison
from harness.experiment.comparison.measured import read_measured
from harness.experiment.comparison.run import run
from harness.experiment.order import plan_blocks
from harness.experiment.row import new_experiment
from harness.judge.claims import DIFFERENT, Claim, Kind, Verdict
from harness.judge.families import ALPHA
from harness.judge.verdicts import judge_family
from harness.machine.environment import DISTURBING
from harness.machine.fingerprint import FLAGGING, MOVED, REFUSING, difference
from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array
from harness.measure.metrics import join, mean_in_system
from harness.measure.records import Records
from harness.prove.selfbench import QUICK_SIZES, Selfbench, lone_bench, lone_plan, lone_trial
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import QUICK, Point, Size
from harness.store.database import open_database
from harness.store.ingest import insert_row
from harness.store.vocabulary import Purpose
from harness.trial.cell import Arm
from harness.trial.outcome import Outcome
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BenchError
from infrastructure.processes.child import HARNESS_PYTHON

SMALL = replace(
    QUICK, tasks=300, warmup_s=0.05, load_s=0.5, idle_s=0.02, idle_gate_s=0.01, late_s=0.0
)
BLOCKS = 8
NOISE, SHARED = 0.02, 0.10  # between trials of an arm; between blocks, shared by the arms
EXPERIMENT_S = 20.0  # a comparison on the stub
SIMULATED = 2_000
TEN, FIVE = 1.10, 1.05
OWN_COSTS = replace(QUICK_SIZES, pairs=20, most_pairs=200)  # on a machine with steal all of them
KNOWN = 3.0  # points: the observer effect's 90 % interval may be ± that
VIRTUAL: dict[str, Any] = {"clock": "virtual", "service_us": 1000, "processes": 1}

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Sizes:
    """Experiments of each kind: 200 and 30 are METHOD 9's, the default fits two cores."""

    equal: int = 12
    injected: int = 6
    real_blocks: int = 6


FULL_SIZES = Sizes(equal=200, injected=30, real_blocks=10)
QUICK_EXPERIMENTS = Sizes(equal=2, injected=2, real_blocks=6)


@dataclass(frozen=True)
class Found:
    """What a check came to. ``at_most``: the bar is a most, otherwise a least."""

    name: str
    value: float
    unit: str
    bar: float
    at_most: bool
    sentence: str

    @property
    def passed(self) -> bool:
        return self.value <= self.bar if self.at_most else self.value >= self.bar


@dataclass(frozen=True)
class Check:
    """A row of METHOD 9 to be, and roughly how long it takes on two cores."""

    what: str
    expected_s: float
    run: Callable[[], Found]


def chance_most(experiments: int, share: float = ALPHA) -> int:
    """The 99 % quantile of how many of so many experiments go wrong by chance."""
    return int(distributions.binom.ppf(0.99, experiments, share))


# ── Known answers ────────────────────────────────────────────────────────────────────────────


def off(found: float, expected: float) -> float:
    """How far off, in percent."""
    return 100 * abs(found / expected - 1)


def mm1_p99(seed: int) -> Found:
    """A million tasks of an M/M/1 queue through our reading of records."""
    rng, load, count = np.random.default_rng(seed), 0.5, 1_000_000
    arrivals = np.cumsum(rng.exponential(1e6 / load, count))
    work = rng.exponential(1e6, count)
    starts = arrivals + waits(arrivals, work)
    joined = join(records_of(arrivals, starts, starts + work))
    expected = math.log(100) / (1 - load)
    worst = max(
        off(float(np.quantile(joined.sojourn, 0.99)) / 1e6, expected),
        off(mean_in_system(joined, 200_000), load * 1000 * joined.sojourn.mean() / 1e9),
    )
    return Found(
        "M/M/1 p99 and Little's law", worst, "%", 2, True,
        "p99 of the sojourn time is S ln 100 / (1 − load), the mean number of tasks in the system "
        "rate times mean sojourn time: the larger error",
    )  # fmt: skip


def waits(arrivals: Array, work: Array) -> Array:
    """Waiting times of one server, first come first served (Lindley 1952): task i ends at the
    largest of arrival j + work of j … i over j ≤ i.
    """
    total = np.cumsum(work)
    ends = np.maximum.accumulate(arrivals - (total - work)) + total
    waited: Array = ends - work - arrivals
    return waited


def records_of(arrivals: Array, starts: Array, ends: Array) -> Records:
    sends, runs = np.zeros(len(ends), SEND_TYPE), np.zeros(len(ends), RUN_TYPE)
    sends["seq"] = runs["seq"] = np.arange(len(ends))
    sends["intended"] = sends["send"] = sends["ack"] = arrivals
    runs["start"], runs["end"] = starts, ends
    return Records(sends, runs)


# ── The analysis layer ───────────────────────────────────────────────────────────────────────


def simulated_equals(seed: int) -> Found:
    """2,000 A/A experiments: equal arms, 5 % noise between trials, blocks that drift together."""
    rng, blocks, alarms = np.random.default_rng(seed), 10, 0
    for _ in range(SIMULATED):
        drift = np.cumsum(rng.normal(0, SHARED, blocks))
        a, b = np.exp(drift + rng.normal(0, 0.05, (2, blocks)))
        (verdict,) = judge_family([Claim(a, b, 0.05, True)])
        alarms += verdict.p_holm is not None and verdict.p_holm <= ALPHA
    return Found(
        "A/A, analysis layer", alarms, "false alarms", chance_most(SIMULATED), True,
        f"{SIMULATED:,} simulated experiments of two equal arms, {blocks} drifting blocks each",
    )  # fmt: skip


def mutated_fingerprints() -> Found:
    """Every field of a fingerprint changed on its own: refused or flagged by its name."""
    same: dict[str, list[str]] = {
        **{name: ["same"] for name in (*REFUSING, *FLAGGING)},
        **{name: ["100"] for name in MOVED}, **{name: ["0"] for name in DISTURBING},
    }  # fmt: skip
    missed = len(difference(same, same).refused) + len(difference(same, same).flagged)
    for name in same:
        found = difference(
            same, {**same, name: ["50" if name in {*MOVED, *DISTURBING} else "other"]}
        )
        said = found.refused if name in REFUSING else found.flagged
        missed += len(said) != 1 or not said[0].startswith(name)
    return Found(
        "fingerprint mutations", missed, "mutations", 0, True,
        f"{len(same)} fields changed one at a time: those not refused or flagged by their name",
    )  # fmt: skip


def random_plans(seed: int) -> Found:
    """Plans hold every arm once a block, and first places are balanced at any length."""
    rng, wrong, plans = np.random.default_rng(seed), 0, 500
    for _ in range(plans):
        arms, blocks = int(rng.integers(2, 8)), int(rng.integers(1, 40))
        plan = plan_blocks(arms, blocks, rng)
        firsts = np.bincount([order[0] for order in plan], minlength=arms)
        whole = all(sorted(order) == list(range(arms)) for order in plan)
        wrong += not whole or len(plan) != blocks or int(np.ptp(firsts)) > 1
    return Found(
        "plans", wrong, "plans", 0, True,
        f"{plans} random plans: those without every arm once a block and balanced first places",
    )  # fmt: skip


# ── End to end ───────────────────────────────────────────────────────────────────────────────


@dataclass
class Validation:
    """A session: where its trials go, how many experiments, from which seed."""

    scratch: Path
    arms: Sequence[Arm]
    matrix: Matrix
    sizes: Sizes
    seed: int
    intervals: int = 0  # that were asked to cover a known ratio
    covered: int = 0

    def stub(self, **options: object) -> Arm:
        version = self.matrix.frameworks["stub"].versions[0]
        python = "{}.{}".format(*sys.version_info)
        choice = BrokerChoice("stub", "embedded")
        return Arm("stub", version, python, HARNESS_PYTHON, choice, "matched", options)

    def trial(self, arm: Arm, scenario: str, point: Point) -> Outcome:
        bench = lone_bench(self.scratch, arm, scenario, "validate", self.seed)
        return lone_trial(bench, lone_plan(bench, scenario, Purpose.MEASURE, point))

    def comparison(
        self, arms: Sequence[Arm], size: Size, blocks: int, seed: int, say: Console
    ) -> list[Verdict]:
        """Two arms compared as ``compare`` does, drain rate first; verdicts by primary metric.

        ``say`` hears of every trial.
        """
        experiment = new_experiment("compare", size.name, seed, {})
        benches = [lone_bench(self.scratch, arm, "throughput", "compare", seed) for arm in arms]
        for number, bench in enumerate(benches, 1):
            bench.number, bench.experiment = number, experiment
        done = Comparison(
            benches, ["A", "B"], [Pair(1, 2)], {"throughput": load_scenario("throughput")}, size,
            blocks, None, experiment, self.scratch, console=say,
        )  # fmt: skip
        run(done)
        judged = judge_comparison(done, read_measured(done, Purpose.MEASURE))
        return [each.verdict for each in judged]

    # -- known answers -------------------------------------------------------------------------

    def stalled_queue(self) -> Found:
        stall = {"stall_at_ns": 5_000_000_000, "stall_ns": 1_000_000_000}
        options = {"arrivals": "constant", "clock": "virtual", "count": 10_000}
        point = Point(SMALL, 1.0, 500.0, options)
        metrics = self.trial(self.stub(**VIRTUAL, **stall), "latency", point).metrics
        expected = {"p50": 1.0, "p90": 1.1, "p99": 901.0, "max": 1001.0}
        worst = max(off(metrics[f"sojourn_{q}"], value) for q, value in expected.items())
        return Found(
            "stalled queue", worst, "%", 2, True,
            "500 tasks/s, 1 ms service, a stop of 1 s: p50, p90, p99, max are 1.0, 1.1, 901, "
            "1001 ms: the largest error",
        )  # fmt: skip

    def md1_wait(self) -> Found:
        """The mean of 40,000 waits scatters by 2 % about the closed form, so the trial is held
        against the recursion over its own arrivals, and the recursion against the closed form.
        """
        load, rng = 0.5, np.random.default_rng(self.seed)
        point = Point(SMALL, load, 1000.0, {"clock": "virtual", "count": 40_000})
        outcome = self.trial(self.stub(**VIRTUAL), "latency", point)
        metrics = outcome.metrics
        with open_database(self.scratch, read_only=True) as connection:
            arrivals = (
                connection.execute(
                    "SELECT intended_ns FROM task_record WHERE trial_id = ? ORDER BY seq",
                    [outcome.trial.trial_id],
                ).fetchnumpy()["intended_ns"]
                / 1e6
            )
        long = np.cumsum(rng.exponential(1 / load, 2_000_000))
        worst = max(
            off(metrics["wait_mean"], float(waits(arrivals, np.ones(len(arrivals))).mean())),
            off(float(waits(long, np.ones(len(long))).mean()), load / (2 * (1 - load))),
            off(metrics["mean_in_system"], load * metrics["sojourn_mean"]),
        )
        return Found(
            "M/D/1 mean wait and Little's law", worst, "%", 2, True,
            "the stub at half load in virtual time against Lindley's recursion over its arrivals, "
            "that against load S / 2 (1 − load), and Little's law: the largest error",
        )  # fmt: skip

    def accounting(self) -> Found:
        wrong = 0.0
        size = replace(SMALL, tasks=3000)
        for defect, name, expected in (
            ("drop_every", "lost", 3), ("duplicate_every", "duplicated", 3),
            ("fail_every", "failed", 3), ("swap_every", "inversions", 3),
        ):  # fmt: skip
            arm = self.stub(**{defect: 1000}, processes=1)
            metrics = self.trial(arm, "throughput", Point(size)).metrics
            wrong += abs(metrics[name] - expected)
            kept = 3000 if name == "inversions" else 2997
            wrong += abs(metrics["completed_once"] - kept)
        return Found(
            "accounting", wrong, "faults", 0, True,
            "queues that drop, double, fail or swap one of 1,000 tasks: tasks counted wrongly",
        )  # fmt: skip

    # -- equal and unequal arms ----------------------------------------------------------------

    def pair(self, ratio: float, number: int) -> list[Arm]:
        """Two stub arms whose service times are this ratio apart, with a spread of their own."""
        noise = {**VIRTUAL, "noise": NOISE, "block_noise": SHARED}
        slower = {**noise, "service_us": VIRTUAL["service_us"] * ratio}
        return [self.stub(**noise, salt=2 * number), self.stub(**slower, salt=2 * number + 1)]

    def experiments(self, ratio: float, count: int) -> Iterator[list[Verdict]]:
        """``count`` comparisons; whether each interval of the drain rate covers the truth."""
        begin = time.monotonic()
        for number in range(count):
            seed = self.seed + 1000 * round(100 * ratio) + number
            arms, quiet = self.pair(ratio, number), Console(quiet=True)
            verdicts = self.comparison(arms, SMALL, BLOCKS, seed, quiet)
            low, high = verdicts[0].low, verdicts[0].high
            self.intervals += 1
            self.covered += low is not None and high is not None and low <= 1 / ratio <= high
            left = seconds_left(begin, number + 1, count)
            console.print(f"  {number + 1} of {count}: {verdicts[0].kind}, {clock(left)} left")
            yield verdicts

    def equals(self) -> Found:
        count = self.sizes.equal
        alarms = sum(any(v.kind in DIFFERENT for v in vs) for vs in self.experiments(1, count))
        return Found(
            "A/A, end to end", alarms, "false alarms", chance_most(count), True,
            f"{count} comparisons of the stub with itself, {BLOCKS} blocks, three metrics each",
        )  # fmt: skip

    def injected_ten(self) -> Found:
        count = self.sizes.injected
        seen = sum(
            v[0].kind in {Kind.SLOWER, Kind.SLOWER_UNCERTAIN} for v in self.experiments(TEN, count)
        )
        return Found(
            "injected +10 % service time", seen, "detections", math.ceil(2 * count / 3), False,
            f"{count} comparisons at {100 * NOISE:g} % spread between trials: found slower",
        )  # fmt: skip

    def coverage(self) -> Found:
        for _ in self.experiments(FIVE, self.sizes.injected):
            pass
        return Found(
            "intervals that cover the truth", self.covered, "covered",
            self.intervals - chance_most(self.intervals), False,
            f"of {self.intervals} 95 % intervals of the comparisons above and of +5 %",
        )  # fmt: skip

    def real_equals(self, arm: Arm) -> Found:
        size = replace(QUICK, tasks=2_000)
        blocks = self.sizes.real_blocks
        verdicts = self.comparison([arm, arm], size, blocks, self.seed + 1, console)
        wrong = sum(v.kind in {Kind.FASTER, Kind.SLOWER} for v in verdicts)
        kinds = ", ".join(v.kind for v in verdicts)
        return Found(
            f"A/A, {arm.framework}", wrong, "false alarms", 0, True,
            f"{arm.label} against itself, {blocks} blocks: {kinds}",
        )  # fmt: skip

    # -- the harness's own cost ----------------------------------------------------------------

    def clocks(self) -> Found:
        bench = self.own_costs()
        bench.clocks()
        return Found(
            "clocks", bench.metrics[-1].value, "stamps", 0, True,
            f"{bench.sizes.ping_pongs:,} ping-pongs: stamps of a child outside its parent's",
        )  # fmt: skip

    def observer(self, arm: Arm) -> Found:
        bench = self.own_costs()
        bench.whole_trials(arm)
        bench.observer_effect(arm)
        found = {m.name.removesuffix(f"_{arm.framework}"): m.value for m in bench.metrics}
        low, high = found["observer_low"], found["observer_high"]
        within = found["observer_within"] <= 2
        meaning = "equivalent within 2 %" if within else "to be read beside the results"
        return Found(
            f"observer effect known to ±, {arm.framework}", (high - low) / 2, "points", KNOWN, True,
            "worker CPU of a drain with the probe against without: "
            f"{found['observer_effect']:+.1f} % [{low:+.1f}, {high:+.1f}] (90 %, "
            f"{found['observer_pairs']:.0f} pairs), {meaning}; makespan from outside "
            f"{found['observer_makespan']:+.1f} %",
        )  # fmt: skip

    def own_costs(self) -> Selfbench:
        return Selfbench(self.scratch, self.arms, OWN_COSTS, self.seed)

    def checks(self) -> list[Check]:
        """The rows of METHOD 9, the short ones first."""
        real, injected = 20.0 * self.sizes.real_blocks, EXPERIMENT_S * self.sizes.injected
        return [
            Check("fingerprint mutations", 0, mutated_fingerprints),
            Check("plans", 0, lambda: random_plans(self.seed)),
            Check("clocks", 1, self.clocks),
            Check("M/M/1", 1, lambda: mm1_p99(self.seed)),
            Check("2,000 simulated A/A experiments", 8, lambda: simulated_equals(self.seed)),
            Check("stalled queue", 8, self.stalled_queue),
            Check("M/D/1", 12, self.md1_wait),
            Check("accounting of broken queues", 8, self.accounting),
            Check("A/A on the stub", EXPERIMENT_S * self.sizes.equal, self.equals),
            Check("+10 % on the stub", injected, self.injected_ten),
            Check("+5 % on the stub: coverage", injected, self.coverage),
            *(
                Check(f"A/A, {arm.framework}", real, partial(self.real_equals, arm))
                for arm in self.arms
            ),
            *(
                Check(f"observer effect, {arm.framework}", 180, partial(self.observer, arm))
                for arm in self.arms
            ),
        ]


def validate_command(options: argparse.Namespace, matrix: Matrix) -> int:
    """Run all checks, store and show them; 1 when a bar was missed."""
    seed = options.seed if options.seed is not None else secrets.randbelow(2**31)
    sizes = FULL_SIZES if options.full else QUICK_EXPERIMENTS if options.quick else Sizes()
    arms = [
        Arm(framework, version, python, executable,
            BrokerChoice(matrix.frameworks[framework].brokers[0], "embedded"), "matched")
        for framework, version, python, executable in options.cell
    ]  # fmt: skip
    name = "full" if options.full else "quick" if options.quick else "default"
    experiment = new_experiment("validate", name, seed, {"sizes": vars(sizes), "seed": seed})
    with open_database(options.db) as connection:  # refuse an unusable one before anything starts
        insert_row(connection, "experiment", experiment)
    passed = []
    with tempfile.TemporaryDirectory(prefix="validate-") as folder:
        scratch = Path(folder) / "results.duckdb"
        validation = Validation(scratch, arms, matrix, sizes, seed)
        checks = validation.checks()
        with guarded(scratch):
            for position, check in enumerate(checks, 1):
                left = clock(sum(c.expected_s for c in checks[position - 1 :]))
                console.print(f"{position}/{len(checks)} {check.what}, about {left} left")
                passed.append(
                    carry_out(
                        options.db, experiment["experiment_id"], position, check.what, check.run
                    )
                )
    show(options.db, experiment["experiment_id"])
    return 0 if all(passed) else 1


def carry_out(
    database: Path, experiment_id: str, position: int, name: str, check: Callable[[], Found]
) -> bool:
    """One check, stored as it ends: what was proved before a Ctrl-C is kept."""
    begin = time.monotonic()
    try:
        found = check()
    except (BenchError, RuntimeError) as error:  # a check that broke off proves nothing
        console.print(f"[red]broke off:[/] {error}")
        found = Found(name, math.nan, "", 0, True, f"broke off: {error}")
    row = {
        "experiment_id": experiment_id, "position": position, "name": found.name,
        "found": float(found.value), "unit": found.unit, "bar": float(found.bar),
        "at_most": found.at_most, "passed": found.passed, "seconds": time.monotonic() - begin,
        "sentence": found.sentence,
    }  # fmt: skip
    with open_database(database) as connection:
        insert_row(connection, "proof", row)
    return found.passed


def show(database: Path, experiment_id: str) -> None:
    table = Table("check", "found", "bar", "", "time", box=None, header_style="dim")
    with open_database(database, read_only=True) as connection:
        for name, value, unit, bar, at_most, passed, seconds in connection.execute(
            "SELECT name, found, unit, bar, at_most, passed, seconds FROM proof "
            "WHERE experiment_id = ? ORDER BY position",
            [experiment_id],
        ).fetchall():
            word = "[green]passed[/]" if passed else "[red]missed[/]"
            limit = f"{'≤' if at_most else '≥'} {bar:g}"
            table.add_row(name, f"{value:.4g} {unit}", limit, word, clock(seconds))
    console.print(table)
