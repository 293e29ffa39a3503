"""``series``: every release of a framework since a day, and the steps in between."""

import argparse
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from harness.cli.arms import ArmRequest, check_word
from harness.cli.command import Command
from harness.cli.matrix import Cell, Matrix
from harness.cli.options import add_arms, add_scenarios, check_server
from harness.cli.parser import Parser, duration, one_of, positive
from harness.cli.series import BLOCKS
from harness.cli.words import SERIES
from harness.commands.measuring import alone, only_planned
from harness.commands.typed import cells_of, gone_on_with, pieces_of, server_of, typed_again
from infrastructure.errors import UsageError

if TYPE_CHECKING:
    from harness.experiment.series.prepare import SeriesRequest, Tried
    from harness.trial.plan import Watch

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
USUAL = "throughput"


class Released(NamedTuple):
    """A release as nox found it, in words."""

    version: str
    day: str
    as_of: str
    rate: str
    why: str


class Series(Command):
    name = SERIES
    help = "Measure every release of a framework since a day, and name the steps in between."

    def options(self, parser: Parser, matrix: Matrix) -> None:
        add = add_arms(parser)
        names = [name for name, framework in matrix.frameworks.items() if framework.package]
        add("framework", nargs="?", type=one_of("framework", names), help="whose releases")
        add("--since", type=day, help="the first day, as 2025-01-31 (two years ago)")
        add("--against", metavar="VERSION", help="the release that all are measured beside")
        add("--blocks", type=positive, default=BLOCKS, help=f"of each release ({BLOCKS})")
        add_scenarios(parser, USUAL)
        add("--quick", action="store_true", help="small loads, for a first look; don't quote them")
        add("--max-time", type=duration, default=3600.0, help="start nothing that ends later (60m)")
        add("--resume", metavar="EXPERIMENT", help="go on with a series that was ended")
        add("--dry-run", action="store_true", help="show the releases and the time, and stop")
        add("--release", nargs=5, action="append", default=[], help=argparse.SUPPRESS)

    def check(self, options: argparse.Namespace, matrix: Matrix) -> None:
        check_server(options, self.name)
        if options.beside or options.set or options.scenario_file:
            raise UsageError(
                "series: releases are measured as they are: leave --with, --set and "
                "--scenario-file out"
            )
        options.python = options.python or matrix.pythons[0]
        check_word("--python", "Python", options.python, matrix.pythons)
        if not options.framework:
            raise UsageError(f"series: name a framework: one of {', '.join(matrix.frameworks)}")
        known = matrix.frameworks[options.framework].brokers
        options.broker = check_word("--broker", "broker", options.broker or known[0], known)

    def stored(self, options: argparse.Namespace) -> bool:
        return bool(options.resume)

    def brokers(self, options: argparse.Namespace, _matrix: Matrix) -> Sequence[str]:
        return [options.broker]

    def settled(self, options: argparse.Namespace) -> argparse.Namespace:
        """With those of the series to go on with."""
        return gone_on_with(options, self.name)

    def cells(self, options: argparse.Namespace, _matrix: Matrix) -> Sequence[Cell]:
        """Of the releases that nox found; before that none."""
        settled = self.settled(options)
        return [
            Cell(settled.framework, each.version, settled.python, as_of=each.as_of)
            for each in released(settled)
            if not each.why
        ]

    def tried(self, options: argparse.Namespace, matrix: Matrix) -> tuple[float, str]:
        """Tasks/s of the one cell that the options name, or why it drains nothing."""
        from harness.experiment.arms import built_arm
        from harness.experiment.row import drawn_seed
        from harness.prove.drains import tried
        from harness.prove.place import trying_place

        [(_, version, _, _)] = options.cell
        request = arm_of(options, version, matrix)
        arm = built_arm(request, cells_of(options), server_of(options), request.label([]))
        with alone(options, typed_again(self.name)), trying_place() as folder:
            return tried(arm, folder, drawn_seed(options.seed))

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.series.carry_out import series
        from harness.report.terminal.history import show_history
        from harness.trial.watch import watching

        settled = self.settled(options)
        entered = only_planned(options) if options.dry_run else alone(options)
        with entered, watching(settled.metrics_port) as watch:
            everything = asked(settled, matrix, watch)
            found, code = series(everything, options.resume, dry_run=options.dry_run)
        if not options.dry_run:
            show_history(settled.db, found)
        return code


def day(word: str) -> str:
    """YYYY-MM-DD."""
    from datetime import date

    try:
        return date.fromisoformat(word if DAY.fullmatch(word) else "").isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day as 2025-01-31, found {word!r}") from None


def released(options: argparse.Namespace) -> list[Released]:
    return [Released(*words) for words in options.release]


def arm_of(options: argparse.Namespace, version: str, matrix: Matrix) -> ArmRequest:
    adapter = matrix.frameworks[options.framework].adapter
    return ArmRequest(
        options.framework,
        version,
        "",
        options.python,
        options.broker,
        options.profile,
        version,
        adapter=adapter,
    )


def tried_ones(options: argparse.Namespace, matrix: Matrix) -> list["Tried"]:
    from harness.experiment.series.prepare import Tried

    return [
        Tried(arm_of(options, each.version, matrix), float(each.rate), each.why)
        for each in released(options)
    ]


def asked(options: argparse.Namespace, matrix: Matrix, watch: "Watch") -> "SeriesRequest":
    """The options, typed."""
    from harness.experiment.series.prepare import SeriesRequest

    return SeriesRequest(
        releases=tried_ones(options, matrix),
        fixed=options.against or matrix.frameworks[options.framework].versions[0],
        blocks=options.blocks,
        scenarios=options.scenario or [USUAL],
        **pieces_of(options, watch),
    )


COMMAND = Series()
