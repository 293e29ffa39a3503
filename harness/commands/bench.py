"""``bench``: one cell through the scenarios, on one broker."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.cli.arms import ArmRequest
from harness.cli.cluster import add_address, check_cluster
from harness.cli.command import Command
from harness.cli.matrix import Cell, Matrix
from harness.cli.options import (
    add_database,
    add_json,
    add_live,
    add_place,
    add_profile,
    add_scenarios,
    add_seed,
    add_server,
    add_settings,
    add_wait,
    check_place,
    check_server,
)
from harness.cli.parser import Parser, above_zero, duration, one_of, positive
from harness.cli.words import VARIANTS, scenario_names
from harness.commands.look import take_a_look
from harness.commands.measuring import alone, placed
from harness.commands.typed import as_typed, gone_on_with, kept_of, server_of
from infrastructure.errors import UsageError

if TYPE_CHECKING:
    from harness.experiment.bench.plan import BenchPlan
    from harness.experiment.bench.prepare import BenchRequest
    from harness.trial.cell import Arm

# Of the scenario tuning; scenarios/tuning.py says what they do.
BODIES = ["noop", "wait", "compute"]
SLO_MS = 200.0  # p99; of the full size


class Bench(Command):
    """``frameworks`` are those whose brokers and variants may be named; without them, of all."""

    name = "bench"
    help = "Measure one framework version on one Python."

    def __init__(self, frameworks: Sequence[str] = ()) -> None:
        self.frameworks = frameworks

    def options(self, parser: Parser, matrix: Matrix) -> None:
        names = self.frameworks or list(matrix.frameworks)
        brokers = list(dict.fromkeys(b for name in names for b in matrix.frameworks[name].brokers))
        variants = [variant for name in names for variant in VARIANTS.get(name, ())]
        add = parser.add_argument
        add_scenarios(parser, "all that apply")
        add("--broker", type=one_of("broker", brokers), default=brokers[0], help="of the queue")
        add_server(parser)
        add_place(parser)
        add_address(add, "with --place: the Dask scheduler whose workers are the hosts")
        add_settings(parser)
        add(
            "--trials",
            type=positive,
            help="trials per load (default: each scenario's own, 1 to 3; with --quick 1 or 2)",
        )
        add(
            "--quick",
            action="store_true",
            help="small loads, for a first look: don't quote them",
        )
        add_seed(parser)
        add(
            "--slo",
            type=above_zero("milliseconds"),
            help="search the rate that holds this p99, in ms (default 200; with --quick no search)",
        )
        add(
            "--body",
            type=one_of("body", BODIES),
            help="what the tasks of the scenario tuning do (noop)",
        )
        add("--no-profilers", action="store_true", help="leave out the py-spy and memray passes")
        add_profile(parser)
        add(
            "--variant",
            type=one_of("variant", variants),
            help=f"of the workers: {', '.join(variants) or 'this framework has none'}",
        )
        add_database(parser)
        add("--yes", action="store_true", help="start several cells without a question")
        add("--list", action="store_true", help="show the scenarios and stop")
        add("--max-time", type=duration, help="begin no trial that would end after it: 30m")
        add("--resume", metavar="EXPERIMENT", help="go on with a bench of this cell that was ended")
        add_json(parser)
        add_live(parser)
        add_wait(parser)

    def check(self, options: argparse.Namespace, _matrix: Matrix) -> None:
        check_server(options, self.name)
        check_place(options, self.name, scenario_names())
        check_cluster(options, ())
        if options.cluster and not (options.place or options.resume):
            raise UsageError(f"{self.name}: --cluster goes with --place; nox -s compare has blocks")
        if options.body and "tuning" not in (options.scenario or ()):
            raise UsageError(f"{self.name}: --body goes with --scenario tuning")
        if options.slo and in_pieces(options):
            raise UsageError(f"{self.name}: --slo: a search is of one piece: leave the time out")

    def brokers(self, options: argparse.Namespace, _matrix: Matrix) -> Sequence[str]:
        return [options.broker]

    def main(self, words: Sequence[str], matrix: Matrix) -> int:
        """The built cell comes first: FRAMEWORK VERSION PYTHON EXECUTABLE."""
        framework, version, python, executable, *rest = words
        options = Bench([framework]).parse(rest, matrix)
        if options.list:
            from harness.experiment.bench.say import list_scenarios

            list_scenarios()
            return 0
        cell = Cell(framework, version, python)
        typed = as_typed(f'"bench-{python}({matrix.pin_of(cell).id})"', rest)
        settled = gone_on_with(options, self.name)
        code, experiment = measure(request_of(cell, settled), executable, settled, typed, matrix)
        if experiment:
            take_a_look(settled.db, settled.json, experiment)
        return code


def request_of(cell: Cell, options: argparse.Namespace) -> ArmRequest:
    """The arm of this cell. Raises UsageError where the bench to go on with is of another."""
    found = ArmRequest(
        cell.framework,
        cell.version,
        options.variant or "",
        cell.python,
        options.broker,
        options.profile,
        pinned=cell.version,
        settings=tuple(options.set),
    )
    began = vars(options).get("words", found.words)
    if began != found.words:
        raise UsageError(f"--resume {options.resume}: it is of {began}, found {found.words}")
    return found


def measure(
    request: ArmRequest, executable: str, options: argparse.Namespace, typed: str, matrix: Matrix
) -> tuple[int, str]:
    """With the machine and the hosts for it; its exit code, and the experiment: empty where there
    was time for no measuring trial.
    """
    from harness.experiment.arms import built_arm, check_settings
    from harness.experiment.bench.prepare import prepare
    from harness.experiment.bench.run import run_session
    from harness.trial.watch import watching

    cells = {(request.framework, request.version, request.python): executable}
    server = server_of(options)
    server.broker(request.broker)  # before it waits for the machine
    check_settings([request], cells)
    with (
        alone(options, typed),
        watching(options.metrics_port) as watch,
        placed(options, [request], cells, matrix, typed) as places,
    ):
        arm = built_arm(request, cells, replace(server, places=places), request.label(()))
        kept = {**kept_of(options), "words": request.words}
        session = prepare(asked(arm, options, kept, typed), watch)
        code = run_session(session, options.resume)
        return code, session.id if session.answers else ""


def in_pieces(options: argparse.Namespace) -> bool:
    return bool(options.max_time or options.resume)


def plan_of(options: argparse.Namespace) -> "BenchPlan":
    """What is to be measured, typed."""
    from harness.experiment.bench.plan import BenchPlan
    from harness.experiment.bench.prepare import chosen_scenarios
    from harness.scenario.point import FULL, QUICK
    from harness.trial.profilers.tools import PROFILERS

    return BenchPlan(
        chosen_scenarios(options.scenario, options.body, options.scenario_file),
        QUICK if options.quick else FULL,
        options.trials,
        [] if options.no_profilers else list(PROFILERS),
        options.slo or (None if options.quick or in_pieces(options) else SLO_MS),
    )


def asked(
    arm: "Arm", options: argparse.Namespace, kept: Mapping[str, Any], typed: str
) -> "BenchRequest":
    """The options, typed."""
    from harness.experiment.bench.prepare import BenchRequest
    from harness.experiment.row import drawn_seed

    seed = drawn_seed(options.seed)
    return BenchRequest(arm, plan_of(options), options.db, seed, kept, typed, options.max_time)


COMMAND = Bench()
