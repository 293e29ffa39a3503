"""From what was asked to a survey that can start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harness.cli.arms import ArmRequest, differing
from harness.experiment.arms import built_arm, describe_points
from harness.experiment.capacity import CALIBRATOR
from harness.experiment.in_pieces import InPieces
from harness.experiment.redo import Redo
from harness.experiment.row import new_experiment
from harness.experiment.survey.survey import FLOOR, MOST_BLOCKS, Survey
from harness.scenario.catalogue import KILLED, load_scenario
from harness.scenario.point import FULL, QUICK, Size
from harness.store.rows import ExperimentRow
from harness.trial.cell import Arm, Description, wanted
from harness.trial.plan import Setup

# A third of what the slowest drains: a drain finds up to twice what the same cores sustain in an
# open loop, whose producers share them (docs/method.md).
LOADS = ("throughput", "latency at load 0.3")
SCENARIOS = ("throughput", "latency", KILLED)
# Short trials, many blocks. Nobody waits for an idle machine: a minute for each of two hundred
# trials would be the time of all of them.
SURVEY = replace(
    FULL, name="survey", warmup_s=1.5, load_s=8.0, idle_s=0.5, idle_gate_s=0.0, late_s=1.0,
    drain_s=8.0, hold_s=0.7,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SurveyRequest(InPieces):
    """A survey as the options have it. ``left_out``: arms that cannot be measured, with the reason.
    ``blocks``: None for as many as its time allows.
    """

    arms: Sequence[ArmRequest]
    left_out: Sequence[tuple[ArmRequest, str]]
    blocks: int | None = None

    @property
    def size(self) -> Size:
        return replace(QUICK, idle_gate_s=0.0) if self.quick else SURVEY


def prepare(asked: SurveyRequest) -> Survey:
    """Check everything, describe every cell. Raises UsageError or BenchError."""
    scenarios = {name: load_scenario(name) for name in SCENARIOS}
    kept = {**(asked.kept or {}), "seed": asked.seed}
    experiment = new_experiment("survey", asked.size.name, asked.seed, kept)
    experiment.factor = "framework"
    arms = list(asked.arms)
    setups = [setup_of(asked, experiment, request, n) for n, request in enumerate(arms, 1)]
    for request in early_floors(arms, setups):
        arms.append(request)
        setups.append(setup_of(asked, experiment, request, len(arms)))
    shown = differing(asked.arms)
    return Survey(
        setups,
        [arm.label(shown) for arm in arms],
        [],
        scenarios,
        asked.size,
        asked.blocks or MOST_BLOCKS,
        asked.max_time_s,
        experiment,
        asked.database,
        redo=Redo(1),
        only=LOADS,
        typed=asked.typed,
        left_out=list(left_out(asked, experiment, len(arms))),
    )


def setup_of(
    asked: SurveyRequest, experiment: ExperimentRow, request: ArmRequest, number: int
) -> Setup:
    """An arm, described by its cell."""
    arm = built_arm(request, asked.cells, asked.server, request.label([]))
    described = describe_points(arm, map(load_scenario, SCENARIOS), asked.size)
    return asked.setup(experiment, arm, described, number)


def early_floors(arms: Sequence[ArmRequest], setups: Sequence[Setup]) -> list[ArmRequest]:
    """The floor that acknowledges before the task, on each broker where an arm does that."""
    plain = wanted(CALIBRATOR, {})
    topologies = [(s.arm.broker.name, s.descriptions[plain].topology) for s in setups]
    early = {broker for broker, topology in topologies if topology and topology.acks == "early"}
    floors = [arm for arm in arms if arm.framework == FLOOR and arm.broker in early]
    return [replace(arm, variant="early") for arm in floors]


def left_out(asked: SurveyRequest, experiment: ExperimentRow, taken: int) -> Iterator[Setup]:
    """Arms whose cells nobody asks: what they cannot do is known. ``taken``: numbers of others."""
    for number, (request, why) in enumerate(asked.left_out, 1 + taken):
        arm = Arm(
            request.framework,
            request.version,
            request.python,
            "",
            asked.server.broker(request.broker),
            request.profile,
        )
        gap = Description({}, {"python_version": request.python}, gap=why)
        described = {wanted(CALIBRATOR, {}): gap}
        yield asked.setup(experiment, arm, described, number)
