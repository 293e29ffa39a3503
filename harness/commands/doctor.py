"""``doctor``: what this machine can do, and what to type for what is missing."""

import argparse

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.options import add_database
from harness.cli.parser import Parser


class Doctor(Command):
    name = "doctor"
    help = "Say what this machine can do, and what to install for what is missing."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_database(parser)

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        from harness.machine.doctor import doctor_command

        return doctor_command(matrix, options)


COMMAND = Doctor()
