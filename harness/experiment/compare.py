"""``compare`` and ``regress``: arms interleaved in blocks, and what that lets us say.

Every block holds every arm once for every load, in a seeded random order with the first place
balanced. The arms of a block share its arrival schedule. What the environment broke, or the load
generator, which shares the cores with everything else, is run again, at most three times: all arms
of that load in that block, since that is what is paired. An experiment may stop early on the width
of the intervals, never on a result.
"""

import argparse
import json
import math
import secrets
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from rich.console import Console
from rich.table import Table

from harness.cli.arms import ArmRequest, check_arms, requested
from harness.cli.matrix import Matrix
from harness.cli.progress import TrialProgress, clock
from harness.experiment.bench import (
    CALIBRATOR,
    built_arm,
    capacity_of,
    describe_points,
    guarded,
    in_order,
    new_experiment,
    stored_options,
    trial_seed,
    watched,
)
from harness.experiment.order import plan_blocks
from harness.judge.change_points import change_points
from harness.judge.claims import DIFFERENT, Claim, Kind, Verdict, Wording
from harness.judge.pairs import log_margin, log_ratios
from harness.judge.planning import LEAST_BLOCKS, required_blocks
from harness.judge.sentences import MARKS
from harness.judge.signed_ranks import signed_rank_interval
from harness.judge.verdicts import judge_family
from harness.judge.warm_up import LEAST_BINS, warm_up
from harness.machine.fingerprint import MACHINE, gathered, shown
from harness.measure.validity import BEHIND, UNSTEADY, steady_over_trials
from harness.scenario.primary import Better, Primary
from harness.scenario.scenario import (
    FULL,
    QUICK,
    Load,
    Point,
    Scenario,
    Size,
    is_open_loop,
    load_scenario,
    load_scenarios,
    load_words,
)
from harness.store.database import open_database
from harness.store.ingest import insert_row
from harness.store.queries import sql
from harness.store.rows import Row
from harness.store.vocabulary import Purpose, Status
from harness.trial.cell import wanted
from harness.trial.outcome import Outcome
from harness.trial.plan import UNWATCHED, Setup, TrialPlan, Watch
from infrastructure.errors import BenchError, UsageError

PILOT_BLOCKS = 5
PILOT_WARMUP = 3  # times the usual one, to see where it settles
LEAST_SIZED, MOST_SIZED = 10, 30  # METHOD 2: blocks that a pilot may ask for
REDO = 3
REGRESSION, INVALID = 1, 3  # exit codes for CI
COMPARED = ("throughput", "latency")  # unless others are named: all of them take hours

console = Console(highlight=False, soft_wrap=True)

Key = tuple[str, str, str]  # scenario, point, metric
Values = dict[Key, dict[int, dict[int, float]]]  # by block and arm


@dataclass(frozen=True)
class Pair:
    """Arms by number: the candidate is judged against the baseline."""

    baseline: int
    candidate: int


@dataclass
class Comparison:
    """One interleaved experiment."""

    benches: list[Setup]  # by arm, in order
    names: list[str]
    pairs: list[Pair]
    scenarios: dict[str, Scenario]
    size: Size
    blocks: int
    max_time_s: float | None
    experiment: Row
    database: Path
    capacity: float | None = None
    position: int = 0
    begun: float = field(default_factory=time.monotonic)
    redone: int = 0
    hopeless: set[Load] = field(default_factory=set)  # loads too much for the load generator
    disturbed: list[str] = field(default_factory=list)
    console: Console = console

    @property
    def id(self) -> str:
        return str(self.experiment["experiment_id"])

    @property
    def seed(self) -> int:
        return int(self.experiment["seed"])

    def loads(self) -> list[Load]:
        """Backlogs first, then open loops by load."""
        return [(name, p.label) for name, p in self.points()]

    def points(self) -> list[tuple[str, Point]]:
        order = in_order(self.scenarios.values())
        return [(s.name, p.offered(self.capacity)) for s in order for p in s.points(self.size)]

    def point(self, load: Load) -> Point:
        return next(p for name, p in self.points() if (name, p.label) == load)

    def primaries(self) -> list[Key]:
        """The family of metrics that verdicts are about, named before the run."""
        return [(n, p, m) for n, p in self.loads() for m in self.scenarios[n].primary_names]

    def primary(self, key: Key) -> Primary:
        return self.scenarios[key[0]].primary_named(key[2])

    def needs_capacity(self) -> bool:
        return any(map(is_open_loop, self.scenarios.values()))

    def block_expected_s(self) -> list[float]:
        """How long each trial of a block takes, roughly."""
        return [self.expected_s(load) for load in self.loads() for _ in self.benches]

    def expected_s(self, load: Load) -> float:
        return self.scenarios[load[0]].expected_s(self.point(load).offered(1000.0))

    # -- running -------------------------------------------------------------------------------

    def run(self, done: Sequence[int], pilot: bool) -> None:
        """Carry out what is missing of the plan; every trial is stored as it ends."""
        with TrialProgress(self.console, []) as progress:
            if self.needs_capacity() and self.capacity is None:
                self.calibrate(progress)
            if pilot:
                self.blocks = self.sized_by_pilot(progress)
            missing = [b for b in range(1, self.blocks + 1) if b not in done]
            progress.expect(self.block_expected_s() * len(missing))
            order = plan_blocks(len(self.benches), self.blocks, np.random.default_rng(self.seed))
            for block in missing:
                if self.out_of_time() or self.narrow_enough(block - 1):
                    break
                self.sound_block(block, order[block - 1], progress)

    def calibrate(self, progress: TrialProgress) -> None:
        """Capacity is the slowest arm's, so that all get the same tasks a second."""
        rates = []
        point, scenario = Point(self.size), load_scenario(CALIBRATOR)
        progress.expect([scenario.expected_s(point)] * len(self.benches))
        for bench in self.benches:
            outcome = self.trial(bench, scenario, point, 0, Purpose.CALIBRATE, progress)
            rate = capacity_of([outcome])
            if rate is None:
                name, reason = self.names[bench.number - 1], outcome.reason
                raise BenchError(f"{name}: no capacity measured: {reason}")
            rates.append(rate)
        self.capacity = min(rates)

    def sized_by_pilot(self, progress: TrialProgress) -> int:
        """Five blocks that no verdict uses say how many the margins take: 10 to 30."""
        usual = self.size
        self.size = replace(usual, warmup_s=PILOT_WARMUP * usual.warmup_s)
        progress.expect(self.block_expected_s() * PILOT_BLOCKS)
        plan = plan_blocks(len(self.benches), PILOT_BLOCKS, np.random.default_rng(self.seed + 1))
        for block, order in enumerate(plan, 1):
            for load in self.loads():
                self.one_load(load, block, order, Purpose.PILOT, progress)
        values, _ = self.measured(Purpose.PILOT)
        wanted = [
            required_blocks(log_ratios(*paired(values[key], pair)), self.primary(key).margin)
            for key in self.primaries()
            for pair in self.pairs
            if key in values and len(paired(values[key], pair)[0]) >= 2
        ]
        self.size = replace(usual, warmup_s=self.longest_warm_up(usual.warmup_s))
        blocks = min(max([LEAST_SIZED, *wanted]), MOST_SIZED)
        self.console.print(f"pilot: {blocks} blocks (the spread asks for {max(wanted, default=0)})")
        with open_database(self.database) as connection:
            connection.execute(
                sql("size_experiment"),
                {"experiment": self.id, "blocks": blocks, "warmup_s": self.size.warmup_s},
            )
        return blocks

    def longest_warm_up(self, least_s: float) -> float:
        """METHOD 5: 1.5 times what the slowest arm and load took to settle in the pilot; the
        pilot's own warm-up where one never settled in it.
        """
        width = least_s / 4
        asked = {"experiment": self.id, "width": width}
        series: dict[tuple[int, Load], list[float]] = {}
        with open_database(self.database, read_only=True) as connection:
            for arm, name, point, opened, _, tasks, sojourn in connection.execute(
                sql("pilot_warmup"), asked
            ).fetchall():
                series.setdefault((arm, (name, point)), []).append(sojourn if opened else tasks)
        longest = least_s
        for (arm, load), bins in series.items():
            settled = warm_up(bins) if len(bins) >= LEAST_BINS else None
            where = f"{self.names[arm - 1]}, {load_words(load)}"
            if settled is None:
                self.console.print(
                    f"[yellow]{where}: no steady state within the pilot's warm-up[/]"
                )
            took = PILOT_WARMUP * least_s if settled is None else 1.5 * settled * width
            longest = max(longest, took)
        self.console.print(f"pilot: {longest:.1f} s of warm-up")
        return longest

    def sound_block(self, block: int, order: Sequence[int], progress: TrialProgress) -> None:
        for load in self.loads():
            self.sound_load(load, block, order, progress)

    def sound_load(
        self, load: Load, block: int, order: Sequence[int], progress: TrialProgress
    ) -> None:
        """One load of a block. A broken one is run again, at most three times."""
        where = f"block {block}, {load_words(load)}"
        for attempt in range(REDO + 1):
            flags = self.one_load(load, block, order, Purpose.MEASURE, progress)
            if not flags:
                return
            futile = load in self.hopeless and all(flag.startswith(BEHIND) for flag in flags)
            if attempt == REDO or futile:
                self.disturbed.append(f"{where}, was never undisturbed: {flags[0]}")
                if all(flag.startswith(BEHIND) for flag in flags):
                    self.hopeless.add(load)
                return
            self.redone += 1
            progress.expect([self.expected_s(load)] * len(self.benches))
            self.console.print(f"[yellow]{where}, is run again:[/] {flags[0]}")
            with open_database(self.database) as connection:
                break_load(connection, self.id, block, load)

    def one_load(
        self,
        load: Load,
        block: int,
        order: Sequence[int],
        purpose: Purpose,
        progress: TrialProgress,
    ) -> list[str]:
        """Every arm once; what the environment and the load generator did meanwhile."""
        flags = []
        scenario, point = self.scenarios[load[0]], self.point(load)
        for arm in order:
            outcome = self.trial(self.benches[arm], scenario, point, block, purpose, progress)
            flags += outcome.flags
            if only_behind(outcome):
                flags.append(outcome.reason)
        return flags

    def trial(
        self,
        bench: Setup,
        scenario: Scenario,
        point: Point,
        block: int,
        purpose: Purpose,
        progress: TrialProgress,
    ) -> Outcome:
        self.position += 1
        plan = TrialPlan(
            f"{self.id}-{self.position:04}", block, self.position, scenario, point, purpose,
            trial_seed(self.seed, scenario.name, block, point.label),
        )  # fmt: skip
        return watched(bench, plan, progress, f"block {block} · {self.names[bench.number - 1]} · ")

    def out_of_time(self) -> bool:
        return self.max_time_s is not None and time.monotonic() - self.begun > self.max_time_s

    def narrow_enough(self, done: int) -> bool:
        """From 10 blocks on: every primary interval is within half its margin of its middle."""
        if done < LEAST_SIZED:
            return False
        values, complaints = self.measured(Purpose.MEASURE)
        for key in self.primaries():
            for pair in self.pairs:
                series = paired(values.get(key, {}), pair)
                if (
                    complaints.get(key[:2])
                    or len(series[0]) < LEAST_SIZED
                    or min(map(min, series)) <= 0
                ):
                    return False
                width = signed_rank_interval(log_ratios(*series)).half_width
                if width > log_margin(self.primary(key).margin) / 2:
                    return False
        return True

    # -- judging -------------------------------------------------------------------------------

    def measured(self, purpose: Purpose) -> tuple[Values, dict[Load, list[tuple[int, str]]]]:
        """Values and complaints (arm, sentence) as the database has them."""
        values: Values = {}
        complaints: dict[Load, list[tuple[int, str]]] = {}
        asked = {"experiment": self.id, "purpose": purpose}
        with open_database(self.database, read_only=True) as connection:
            for block, arm, name, point, metric, value in connection.execute(
                sql("paired"), asked
            ).fetchall():
                values.setdefault((name, point, metric), {}).setdefault(block, {})[arm] = value
            for block, arm, name, point, status, reason in connection.execute(
                sql("complaints"), asked
            ).fetchall():
                kept = "; ".join(each_but_unsteady(reason))
                if kept:
                    sentence = f"{self.names[arm - 1]}, block {block} {status}: {kept}"
                    complaints.setdefault((name, point), []).append((arm, sentence))
        for (name, point, metric), by_block in values.items():
            if metric == "drift":
                for arm, sentence in self.unsteady(by_block):
                    complaints.setdefault((name, point), []).append((arm, sentence))
        return values, complaints

    def unsteady(self, by_block: dict[int, dict[int, float]]) -> Iterator[tuple[int, str]]:
        """Arms whose trials all drift the same way."""
        for arm, name in enumerate(self.names, 1):
            drifts = np.array([values[arm] for values in by_block.values() if arm in values])
            if found := steady_over_trials(drifts):
                yield arm, f"{name}: {found}"

    def judged(self) -> list[tuple[Key, Pair, Verdict]]:
        """Verdicts of the whole family; BenchError below six blocks, which decide nothing."""
        values, complaints = self.measured(Purpose.MEASURE)
        asked = [(key, pair) for key in self.primaries() for pair in self.pairs]
        claims = [self.claim(key, pair, values, complaints) for key, pair in asked]
        verdicts = judge_family(claims)
        return [(key, pair, v) for (key, pair), v in zip(asked, verdicts, strict=True)]

    def candidates(self) -> list[Row]:
        """Change points of a version series, by metric: steps larger than the metric's margin."""
        if self.experiment["command"] != "regress":
            return []
        values, complaints = self.measured(Purpose.MEASURE)
        rng = np.random.default_rng(self.seed + 2)
        return [
            row
            for key in self.primaries()
            if not complaints.get(key[:2])
            for row in self.steps(key, values.get(key, {}), rng)
        ]

    def steps(
        self,
        key: Key,
        by_block: dict[int, dict[int, float]],
        rng: np.random.Generator,
    ) -> Iterator[Row]:
        """The change points of one metric; blocks that lack an arm are left out."""
        arms = range(1, len(self.names) + 1)
        rows = [[found[a] for a in arms] for found in by_block.values() if set(arms) <= set(found)]
        if not rows or min(map(min, rows)) <= 0:
            return
        logs = np.log(np.array(rows))
        found = change_points(logs, rng)
        edges = [0, *(c.index for c in found), len(self.names)]
        for place, change in enumerate(found, 1):
            old = logs[:, edges[place - 1] : change.index].mean()
            step = float(logs[:, change.index : edges[place + 1]].mean() - old)
            if abs(step) > log_margin(self.primary(key).margin):
                yield self.candidate(key, change.index, math.exp(step), change.p)

    def candidate(self, key: Key, index: int, ratio: float, p: float) -> Row:
        before, after = self.names[index - 1], self.names[index]
        return {
            "experiment_id": self.id, "scenario": key[0], "point": key[1],
            "point_number": self.point(key[:2]).number, "metric": key[2],
            "before_arm": index, "after_arm": index + 1, "before": before, "after": after,
            "ratio": ratio, "p": p,
            "sentence": f"Candidate change point, ±1 version: {load_words(key[:2])}: {key[2]} "
            f"changes by a factor of {ratio:#.4g} between {before} and {after} (p = {p:.2g}); "
            "a fresh paired experiment confirms it: --confirm.",
        }  # fmt: skip

    def claim(
        self,
        key: Key,
        pair: Pair,
        values: Values,
        complaints: dict[Load, list[tuple[int, str]]],
    ) -> Claim:
        metric, arms = self.primary(key), (pair.baseline, pair.candidate)
        found = [text for arm, text in complaints.get(key[:2], []) if arm in arms]
        series = paired(values.get(key, {}), pair)
        if not found and len(series[0]) < LEAST_BLOCKS:
            found.append(f"{len(series[0])} blocks with both arms, {LEAST_BLOCKS} wanted")
        if not found and min(map(min, series)) <= 0:
            found.append("a value of zero or less: too small a load to measure this")
        return Claim(
            *series,
            metric.margin,
            metric.better is Better.HIGHER,
            tuple(found[:3]),
            Wording(
                self.names[pair.baseline - 1],
                self.names[pair.candidate - 1],
                f"{load_words(key[:2])}: {metric.name}",
                metric.words.better,
                metric.words.worse,
            ),
        )


def only_behind(outcome: Outcome) -> bool:
    """Whether nothing but the load generator's lag voids the trial: the harness's fault, not the
    arm's.
    """
    parts = outcome.reason.split("; ")
    return outcome.status == Status.INVALID and all(part.startswith(BEHIND) for part in parts)


def break_load(
    connection: duckdb.DuckDBPyConnection, experiment_id: str, block: int, load: Load
) -> None:
    connection.execute(
        sql("break_block"),
        {"experiment": experiment_id, "block": block, "scenario": load[0], "point": load[1]},
    )


def each_but_unsteady(reason: str) -> list[str]:
    """The reasons that void a trial on its own, whatever the other trials did."""
    return [part for part in reason.split("; ") if not part.startswith(UNSTEADY)]


def paired(by_block: dict[int, dict[int, float]], pair: Pair) -> tuple[list[float], list[float]]:
    """Values of the two arms in the blocks that have both."""
    both = [
        by_block[b] for b in sorted(by_block) if {pair.baseline, pair.candidate} <= set(by_block[b])
    ]
    return [b[pair.baseline] for b in both], [b[pair.candidate] for b in both]


# ── The commands ─────────────────────────────────────────────────────────────────────────────


def prepare(
    options: argparse.Namespace, requests: Sequence[ArmRequest], command: str,
    watch: Watch = UNWATCHED,
) -> Comparison:  # fmt: skip
    """Check everything, describe every cell, draw the seed. Raises UsageError or BenchError."""
    aa, declared = getattr(options, "aa", False), getattr(options, "factor", [])
    factors = check_arms(requests, declared, aa=aa)
    every = load_scenarios()
    scenarios = {n: every[n] for n in dict.fromkeys(options.scenario or COMPARED)}
    size = QUICK if options.quick else FULL
    if warmup_s := getattr(options, "warmup_s", None):  # a pilot's, of an experiment gone on with
        size = replace(size, warmup_s=warmup_s)
    seed = options.seed if options.seed is not None else secrets.randbelow(2**31)
    names = distinct([r.label(factors) for r in requests])
    kept = {k: v for k, v in vars(options).items() if k not in {"cell", "resume", "dry_run"}}
    experiment = new_experiment(command, size.name, seed, {**kept, "seed": seed, "names": names})
    experiment["factor"] = ", ".join(factors)
    benches = []
    for number, request in enumerate(requests, 1):
        arm = built_arm(request, options, names[number - 1])
        described = describe_points(arm, scenarios.values(), size)
        profiles = options.db.parent / "profiles"
        bench = Setup(options.db, experiment, arm, described, profiles, number, watch=watch)
        benches.append(bench)
    chain = command == "regress"
    pairs = [Pair(a, b) for a, b in pairwise(range(1, len(benches) + 1))] if chain else [
        Pair(1, b) for b in range(2, len(benches) + 1)
    ]  # fmt: skip
    return Comparison(
        benches, names, pairs, scenarios, size, options.blocks, options.max_time, experiment,
        options.db,
    )  # fmt: skip


def distinct(names: Sequence[str]) -> list[str]:
    """Equal arms of an A/A comparison get a number."""
    return [f"{n} ({i})" if names.count(n) > 1 else n for i, n in enumerate(names, 1)]


def show_plan(comparison: Comparison) -> None:
    bench = comparison.benches[0]
    topology = bench.descriptions[wanted(CALIBRATOR, {})].workers_topology
    factor = comparison.experiment["factor"]
    console.print(
        f"[bold]{' against '.join(comparison.names)}[/] · factor: {factor} "
        f"· profile {bench.arm.profile}: {topology.slots} tasks in flight · seed {comparison.seed}"
    )
    loads = ", ".join(map(load_words, comparison.loads()))
    console.print(f"{comparison.blocks} blocks of {loads}; every arm once a block, in random order")
    total = sum(comparison.block_expected_s()) * comparison.blocks
    console.print(
        f"at most {clock(total)}, less when intervals are narrow → {comparison.database} · "
        f"experiment {comparison.id}"
    )
    if comparison.blocks < LEAST_BLOCKS:
        console.print(
            f"[yellow]{comparison.blocks} blocks decide nothing[/] (a verdict takes "
            f"{LEAST_BLOCKS}): a description only"
        )


def compare_command(matrix: Matrix, options: argparse.Namespace, watch: Watch = UNWATCHED) -> int:
    """Run an interleaved experiment, or go on with one, and judge it; the exit code for CI."""
    done: list[int] = []
    comparison = prepare(options, requested(options, matrix), options.command, watch)
    with open_database(options.db):
        pass
    if getattr(options, "resume", None):
        take_over(comparison, options.resume, done)
    show_plan(comparison)
    if options.dry_run:
        return 0
    with guarded(options.db):
        comparison.run(done, options.pilot and not done)
    code = conclude(comparison, options)
    if code == REGRESSION and getattr(options, "confirm", False):
        return confirm(comparison, options, matrix, watch)
    return code


def resumed(
    options: argparse.Namespace, unasked: Mapping[str, argparse.Namespace]
) -> argparse.Namespace:
    """The options of the experiment to go on with; ``unasked`` are those of each command where
    nothing is said. Raises UsageError on a foreign experiment.
    """
    command, kept = stored_options(options, ("compare", "regress"), "comparison")
    usual = vars(unasked[command])
    own = {k: getattr(options, k) for k in ("db", "resume", "cell", "dry_run", "metrics_port")}
    paths = {"out": Path(kept["out"]), "command": command}
    return argparse.Namespace(**{**usual, **kept, **own, **paths})


def take_over(comparison: Comparison, experiment_id: str, done: list[int]) -> None:
    """Make the comparison be the stored one: its id, what it has, where its numbering ended."""
    comparison.experiment["experiment_id"] = experiment_id
    trials = len(comparison.loads()) * len(comparison.benches)
    asked = {"experiment": experiment_id}
    with open_database(comparison.database, read_only=True) as connection:
        blocks = connection.execute(sql("blocks_done"), {**asked, "trials": trials}).fetchall()
        capacity = connection.execute(sql("capacities"), asked).fetchone()
        last = connection.execute(
            "SELECT max(position), count(DISTINCT (block, scenario, point)) "
            "FILTER (purpose = 'broken') FROM trial WHERE experiment_id = $experiment",
            asked,
        ).fetchone()
        check_same_ground(connection, comparison, experiment_id)
    done += [block for (block,) in blocks]
    if len(done) >= comparison.blocks:
        raise UsageError(f"--resume {experiment_id}: all {comparison.blocks} blocks are there")
    comparison.capacity = capacity[0] if capacity else None
    comparison.position, comparison.redone = (int(last[0] or 0), last[1]) if last else (0, 0)
    with open_database(comparison.database) as connection:
        for block in range(1, comparison.blocks + 1):
            if block not in done:  # half a block: its arms were not measured side by side
                for load in comparison.loads():
                    break_load(connection, experiment_id, block, load)


def check_same_ground(
    connection: duckdb.DuckDBPyConnection, comparison: Comparison, experiment_id: str
) -> None:
    """Raises UsageError where machine, locks or harness are not those that it began with."""
    asked = {"experiment": experiment_id}
    began = gathered(connection.execute(sql("started_with"), asked).fetchall())
    now = {name: [comparison.benches[0].machine[name]] for name in MACHINE}
    now["lock_hash"] = [bench.arm.lock_hash for bench in comparison.benches]
    now["harness_commit"] = [str(comparison.experiment["harness_commit"])]
    found = [
        f"{name}: {shown(began, name)} then, {shown(now, name)} now"
        for name in now
        if not set(began.get(name, ())) <= set(now[name])  # it may have ended in its first trial
    ]
    if found:
        raise UsageError(
            f"--resume {experiment_id}: its blocks could not be set beside new ones, since "
            f"something changed: {'; '.join(found)}; start a new comparison"
        )


def conclude(comparison: Comparison, options: argparse.Namespace) -> int:
    """Judge, store, show, write the files; the exit code."""
    if comparison.blocks < LEAST_BLOCKS:
        describe_only(comparison)
        _, complaints = comparison.measured(Purpose.MEASURE)
        for _, sentence in chain.from_iterable(complaints.values()):
            console.print(f"[yellow]{sentence}[/]")
        return INVALID if complaints else 0
    judged, candidates = comparison.judged(), comparison.candidates()
    store_verdicts(comparison, judged, candidates)
    show(judged)
    for row in candidates:
        console.print(row["sentence"])
    write_files(comparison, judged, candidates, options.out)
    if comparison.redone:
        console.print(f"{comparison.redone} time(s) a load of a block was run again")
    for sentence in comparison.disturbed:
        console.print(f"[yellow]{sentence}[/]")
    return exit_code([v for _, _, v in judged], options.fail_on)


def describe_only(comparison: Comparison) -> None:
    """Fewer than six blocks: the ratios as they fell, and no word on what they mean."""
    values, _ = comparison.measured(Purpose.MEASURE)
    table = Table("metric", "arms", "median ratio", "range", box=None, header_style="dim")
    for key in comparison.primaries():
        for pair in comparison.pairs:
            a, b = paired(values.get(key, {}), pair)
            ratios = sorted(y / x for x, y in zip(a, b, strict=True) if x > 0)
            names = [comparison.names[n - 1] for n in (pair.candidate, pair.baseline)]
            if ratios:
                middle, ends = statistics.median(ratios), f"{ratios[0]:.3f} – {ratios[-1]:.3f}"
                table.add_row(f"{key[0]}: {key[2]}", " / ".join(names), f"{middle:.3f}", ends)
    console.print(table)
    console.print(f"A description of {comparison.blocks} block(s): it decides nothing.")


def exit_code(verdicts: Sequence[Verdict], fail_on: str) -> int:
    """0 no regression, 1 a regression established, 3 invalid, or inconclusive when that fails."""
    kinds = {v.kind for v in verdicts}
    if kinds & {Kind.SLOWER, Kind.SLOWER_UNCERTAIN}:
        return REGRESSION
    if Kind.INVALID in kinds or (fail_on == "inconclusive" and Kind.INCONCLUSIVE in kinds):
        return INVALID
    return 0


def verdict_rows(
    comparison: Comparison, judged: Sequence[tuple[Key, Pair, Verdict]]
) -> Iterator[Row]:
    for key, pair, verdict in judged:
        scenario, point, metric = key
        yield {
            "experiment_id": comparison.id, "scenario": scenario, "point": point,
            "point_number": comparison.point((scenario, point)).number, "metric": metric,
            "baseline_arm": pair.baseline, "candidate_arm": pair.candidate,
            "baseline": comparison.names[pair.baseline - 1],
            "candidate": comparison.names[pair.candidate - 1],
            "margin": comparison.primary(key).margin, **vars(verdict), "kind": str(verdict.kind),
        }  # fmt: skip


def store_verdicts(
    comparison: Comparison,
    judged: Sequence[tuple[Key, Pair, Verdict]],
    candidates: Sequence[Row],
) -> None:
    """Replace the experiment's verdicts: going on with it judges anew."""
    with open_database(comparison.database) as connection:
        connection.execute("BEGIN")
        connection.execute("DELETE FROM verdict WHERE experiment_id = ?", [comparison.id])
        connection.execute("DELETE FROM change_point WHERE experiment_id = ?", [comparison.id])
        for row in verdict_rows(comparison, judged):
            insert_row(connection, "verdict", row)
        for row in candidates:
            insert_row(connection, "change_point", row)
        connection.execute("COMMIT")


def show(judged: Sequence[tuple[Key, Pair, Verdict]]) -> None:
    table = Table("verdict", "in words", box=None, header_style="dim", show_lines=False)
    for _, _, verdict in judged:
        table.add_row(MARKS[verdict.kind], verdict.sentence)
        if verdict.cross_check:
            table.add_row("", f"[yellow]{verdict.cross_check}[/]")
    console.print(table)


def write_files(
    comparison: Comparison,
    judged: Sequence[tuple[Key, Pair, Verdict]],
    candidates: Sequence[Row],
    out: Path,
) -> None:
    """verdicts.json for programs, verdicts.md for a pull request."""
    out.mkdir(parents=True, exist_ok=True)
    rows = [
        {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()}
        for row in verdict_rows(comparison, judged)
    ]
    document: dict[str, Any] = {
        "schema": "taskqueue-bench/verdicts/2", "experiment": comparison.id,
        "factor": comparison.experiment["factor"], "size": comparison.size.name,
        "arms": comparison.names, "planned_blocks": comparison.blocks,
        "redone": comparison.redone, "disturbed": comparison.disturbed,
        "verdicts": rows, "change_points": list(candidates),
    }  # fmt: skip
    (out / "verdicts.json").write_text(json.dumps(document, indent=1))
    lines = [
        f"### {' against '.join(comparison.names)}",
        "",
        "| metric | ratio | 95 % interval | verdict |",
        "|---|---|---|---|",
        *(markdown_line(row) for row in rows),
        "",
        *(f"{row['sentence']}  " for row in candidates),
        *(f"{sentence}.  " for sentence in comparison.disturbed),
        f"Ratios are candidate / baseline over paired blocks; experiment `{comparison.id}`"
        + (", quick size." if comparison.size is QUICK else "."),
    ]
    (out / "verdicts.md").write_text("\n".join(lines) + "\n")
    console.print(f"{out / 'verdicts.json'} and {out / 'verdicts.md'} written")


def markdown_line(row: Row) -> str:
    load = load_words((row["scenario"], row["point"]))
    interval = "–" if row["low"] is None else f"{row['low']:.3f} – {row['high']:.3f}"
    ratio = "–" if row["ratio"] is None else f"{row['ratio']:.3f}"
    words = row["sentence"].partition(": " if row["kind"] != "invalid" else "\0")[0]
    return f"| {load}: {row['metric']} | {ratio} | {interval} | {words} |"


def confirm(
    comparison: Comparison, options: argparse.Namespace, matrix: Matrix, watch: Watch
) -> int:
    """A fresh paired experiment for every step found: its exit code is the one that counts."""
    found = {pair for _, pair, v in comparison.judged() if v.kind in DIFFERENT}
    requests, names = requested(options, matrix), comparison.names
    codes = [0]
    for number, pair in enumerate(sorted(found, key=lambda p: p.baseline), 1):
        console.print(f"confirming {names[pair.baseline - 1]} → {names[pair.candidate - 1]}")
        two = [requests[pair.baseline - 1], requests[pair.candidate - 1]]
        again = {"seed": comparison.seed + number, "out": options.out / f"confirm-{number}"}
        fresh = argparse.Namespace(**{**vars(options), **again})
        repeated = prepare(fresh, two, "compare", watch)
        show_plan(repeated)
        with guarded(options.db):
            repeated.run([], pilot=False)
        codes.append(conclude(repeated, fresh))
    return max(codes)
