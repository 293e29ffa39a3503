"""From the claims that were asked for to an experiment that can start."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from harness.cli.arms import ArmRequest
from harness.cli.claims import PublishedClaim, Side, sides_of
from harness.experiment.arms import built_arm, describe_points
from harness.experiment.claims.claims import BLOCKS, Claims, bundles_of
from harness.experiment.comparison.prepare import refuse_gaps
from harness.experiment.in_pieces import InPieces
from harness.experiment.redo import Redo
from harness.experiment.row import new_experiment
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import FULL, QUICK, Size
from harness.store.rows import ExperimentRow
from harness.trial.plan import Setup

# Short trials, many blocks: the regions of a claim lie further apart than what a longer drain would
# tell better, and no trial waits for an idle machine.
SIZE = replace(
    FULL, name="claims", warmup_s=1.0, idle_s=0.3, idle_gate_s=0.0, late_s=0.5, drain_s=2.5,
    hold_s=0.0,
)  # fmt: skip
DESCRIBED = 2  # cells at a time


@dataclass(frozen=True, kw_only=True)
class ClaimsRequest(InPieces):
    """``arms``: by side."""

    claims: Sequence[PublishedClaim]
    arms: Mapping[Side, ArmRequest]
    blocks: int = BLOCKS

    @property
    def size(self) -> Size:
        return replace(QUICK, idle_gate_s=0.0) if self.quick else SIZE


def prepare(asked: ClaimsRequest) -> Claims:
    """Check everything, describe every cell. Raises UsageError or BenchError."""
    sides = sides_of(asked.claims)
    scenarios = {name: load_scenario(name) for name in dict.fromkeys(s.scenario for s in sides)}
    kept = {**(asked.kept or {}), "seed": asked.seed, "sides": sides}
    experiment = new_experiment("claims", asked.size.name, asked.seed, kept)
    experiment.factor = "claim"
    with ThreadPoolExecutor(DESCRIBED) as pool:  # a cell takes a second to answer
        numbers = range(1, 1 + len(sides))
        setups = list(
            pool.map(lambda side, n: setup_of(asked, experiment, side, n), sides, numbers)
        )
    return Claims(
        setups,
        [asked.arms[side].label(["broker", "profile"]) for side in sides],
        [],
        scenarios,
        asked.size,
        asked.blocks,
        asked.max_time_s,
        experiment,
        asked.database,
        redo=Redo(1),
        typed=asked.typed,
        sides=sides,
        bundles=bundles_of(asked.claims),
    )


def setup_of(asked: ClaimsRequest, experiment: ExperimentRow, side: Side, number: int) -> Setup:
    """A side's arm, described by its cell. Raises UsageError where it cannot do the load."""
    request = asked.arms[side]
    name = request.label([])
    arm = built_arm(request, asked.cells, asked.server, name)
    described = describe_points(arm, [load_scenario(side.scenario)], asked.size)
    refuse_gaps(name, described)
    return asked.setup(experiment, arm, described, number)
