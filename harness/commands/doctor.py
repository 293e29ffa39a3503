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
        from harness.machine.doctor.brokers import brokers
        from harness.machine.doctor.cells import locks, pythons
        from harness.machine.doctor.database import database_topic
        from harness.machine.doctor.hardware import machine
        from harness.machine.doctor.noise import noise
        from harness.machine.doctor.page import examine
        from harness.machine.doctor.profilers import profilers

        topics = {
            "Pythons": pythons,
            "Locks": locks,
            "Brokers": brokers,
            "Profilers": profilers,
            "Machine": machine,
            "Noise": noise,
            "Database": database_topic(options.db),
        }
        return 0 if examine(topics, matrix) else 1


COMMAND = Doctor()
