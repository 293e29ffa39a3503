"""``cells``: whether every cell that is listed runs."""

import argparse
from collections.abc import Sequence

from harness.cli.command import Command
from harness.cli.exits import Exit
from harness.cli.interpreters import interpreters
from harness.cli.matrix import Cell, Framework, Matrix
from harness.cli.options import add_cells, add_wait
from harness.cli.parser import Parser, one_of
from harness.cli.words import BROKERS
from harness.commands.measuring import alone


class Cells(Command):
    name = "cells"
    help = "Drain a small backlog in every cell on every broker of this machine; store nothing."

    def options(self, parser: Parser, matrix: Matrix) -> None:
        add = parser.add_argument
        names = list(matrix.frameworks)
        add("frameworks", nargs="*", type=one_of("framework", names), help="only these")
        add("--ends", action="store_true", help="the newest and the oldest version of each only")
        add("--python", type=one_of("Python", list(matrix.pythons)), help="only this one")
        add("--broker", type=one_of("broker", BROKERS), help="only this one")
        add_wait(parser)
        add_cells(parser)

    def cells(self, options: argparse.Namespace, matrix: Matrix) -> Sequence[Cell]:
        here = [options.python] if options.python else list(interpreters(matrix.pythons))
        return [
            Cell(framework.name, version, python)
            for framework in chosen(options, matrix)
            for version in versions(framework, ends=options.ends)
            for python in here
        ]

    def brokers(self, options: argparse.Namespace, matrix: Matrix) -> Sequence[str]:
        return [broker for f in chosen(options, matrix) for broker in of_both(f, options)]

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.experiment.row import drawn_seed
        from harness.prove.drains import Drain, drain_all
        from harness.prove.place import trying_place

        drains = [
            Drain(Cell(framework, version, python), broker, executable)
            for framework, version, python, executable in options.cell
            for broker in of_both(matrix.frameworks[framework], options)
        ]
        with alone(options), trying_place() as folder:
            failed = drain_all(drains, folder, drawn_seed(None))
        return Exit.BROKEN if failed else Exit.FINE


def chosen(options: argparse.Namespace, matrix: Matrix) -> list[Framework]:
    """Those asked for, and of them the ones that know the broker asked for."""
    named = [matrix.frameworks[name] for name in options.frameworks or matrix.frameworks]
    return [framework for framework in named if of_both(framework, options)]


def of_both(framework: Framework, options: argparse.Namespace) -> list[str]:
    """The framework's brokers, as far as they are asked for."""
    return [broker for broker in framework.brokers if options.broker in {None, broker}]


def versions(framework: Framework, *, ends: bool) -> list[str]:
    """Newest first."""
    every = list(framework.versions)
    return list(dict.fromkeys([every[0], every[-1]])) if ends else every


COMMAND = Cells()
