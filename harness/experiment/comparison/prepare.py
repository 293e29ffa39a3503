"""From what was asked to a comparison that can start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from harness.cli.arms import ArmRequest, check_arms
from harness.experiment.arms import Cells, Server, built_arm, check_code, describe_points
from harness.experiment.comparison.comparison import Comparison, Pair
from harness.experiment.row import new_experiment
from harness.judge.planning import least_for
from harness.scenario.catalogue import FIRST, chosen, load_words
from harness.scenario.point import FULL, QUICK, Size
from harness.scenario.scenario import Scenario
from harness.store.rows import ExperimentRow
from harness.trial.cell import Description, Wanted
from harness.trial.plan import UNWATCHED, Setup, Watch
from infrastructure.errors import UsageError

REGRESS = "regress"
BLOCKS = 15  # METHOD 2


@dataclass(frozen=True)
class ComparisonRequest:
    """A comparison as the options have it.

    ``command``: ``compare`` judges every arm against the first, ``regress`` against the one before.
    ``blocks``: None for the usual number, or more where its claims take more. ``factors``: those
    declared to differ beside the one in question. ``same``: arms may be equal. ``turns``:
    they take turns where they can. ``only``: these loads of the scenarios, in words.
    ``warmup_s``: what an earlier pilot found, None for the size's own. ``kept``: options as typed,
    for the experiment's row, ``typed`` all of the command.
    ``scenario_files``, ``workload``: the user's own. ``strata``: unlike machines take part.
    ``pinned``: each worker process has a core of its own.
    """

    command: str
    arms: Sequence[ArmRequest]
    cells: Cells
    server: Server
    database: Path
    seed: int
    blocks: int | None = None
    scenarios: Sequence[str] = FIRST  # all of them take hours
    scenario_files: Sequence[Path] = ()
    workload: Path | None = None
    quick: bool = False
    warmup_s: float | None = None
    max_time_s: float | None = None
    factors: Sequence[str] = ()
    same: bool = False
    turns: bool = False
    only: Sequence[str] = ()
    margin: float | None = None
    kept: Mapping[str, Any] | None = None
    watch: Watch = UNWATCHED
    typed: str = ""
    strata: bool = False
    pinned: bool = False

    @property
    def size(self) -> Size:
        usual = QUICK if self.quick else FULL
        return usual if self.warmup_s is None else replace(usual, warmup_s=self.warmup_s)


def prepare(asked: ComparisonRequest) -> Comparison:
    """Check everything, describe every cell. Raises UsageError or BenchError."""
    factors = check_arms(asked.arms, asked.factors, aa=asked.same)
    names = distinct([arm.label(factors) for arm in asked.arms])
    pairs = pairs_of(asked.command, len(names))
    scenarios = chosen(asked.scenarios, asked.scenario_files, asked.workload)
    claims = claims_of(asked, scenarios) * len(pairs)
    blocks = asked.blocks or max(BLOCKS, least_for(claims))
    settled = {"seed": asked.seed, "names": names, "blocks": blocks}
    kept = {**(asked.kept or {}), **settled}
    experiment = new_experiment(asked.command, asked.size.name, asked.seed, kept)
    experiment.factor = ", ".join(factors)
    comparison = Comparison(
        setups_of(asked, names, experiment, scenarios),
        names,
        pairs,
        scenarios,
        asked.size,
        blocks,
        asked.max_time_s,
        experiment,
        asked.database,
        only=asked.only,
        margin=asked.margin,
        turns=asked.turns,
        typed=asked.typed,
        pinned=asked.pinned,
    )
    if not asked.same:
        check_code([setup.arm for setup in comparison.setups], names)
    return comparison


def claims_of(asked: ComparisonRequest, scenarios: Mapping[str, Scenario]) -> int:
    """Metrics of a pair at all loads asked for. Raises UsageError where one is no load."""
    known = {
        load_words((s.name, p.label)): len(s.primary)
        for s in scenarios.values()
        for p in s.points(asked.size)
    }
    for words in asked.only:
        if words not in known:
            raise UsageError(f"--load: {words!r} is none of the loads: {', '.join(known)}")
    return sum(known[words] for words in asked.only or known)


def setups_of(
    asked: ComparisonRequest,
    names: Sequence[str],
    experiment: ExperimentRow,
    scenarios: dict[str, Scenario],
) -> list[Setup]:
    """The arms, each described by its cell."""
    setups = []
    for number, (request, name) in enumerate(zip(asked.arms, names, strict=True), 1):
        arm = built_arm(request, asked.cells, asked.server, name, asked.workload)
        described = describe_points(arm, scenarios.values(), asked.size)
        refuse_gaps(name, described)
        profiles = asked.database.parent / "profiles"
        setup = Setup(
            asked.database, experiment, arm, described, profiles, number, watch=asked.watch
        )
        setups.append(setup)
    return setups


def refuse_gaps(name: str, described: Mapping[Wanted, Description]) -> None:
    """Raises UsageError where an arm can do none of the loads, as with a setting that is none."""
    gaps = [each.gap for each in described.values()]
    if all(gaps):
        raise UsageError(f"{name}: {gaps[0]}")


def pairs_of(command: str, arms: int) -> list[Pair]:
    """Which arms are judged against which."""
    if command == REGRESS:
        return [Pair(*each) for each in pairwise(range(1, arms + 1))]
    return [Pair(1, candidate) for candidate in range(2, arms + 1)]


def distinct(names: Sequence[str]) -> list[str]:
    """Equal arms of an A/A comparison get a number."""
    return [f"{n} ({i})" if names.count(n) > 1 else n for i, n in enumerate(names, 1)]
