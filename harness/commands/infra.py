"""``infra``: brokers that stay up, and the packages of their servers."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from harness.cli.command import Command
from harness.cli.matrix import Matrix
from harness.cli.parser import Parser, one_of
from harness.cli.words import BROKERS, DURABILITY, PROVIDERS
from infrastructure.errors import UsageError
from infrastructure.root import BUILT

ACTIONS = ["up", "down", "status", "logs", "install"]
OF_UP = {"provider": "auto", "durability": "production"}  # options of it alone, as they are unasked


class Infra(Command):
    name = "infra"
    help = "A broker that stays: up, down, status, logs; install says how to get its server."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add = parser.add_argument
        add("action", nargs="?", type=one_of("action", ACTIONS), help="what to do")
        add("brokers", nargs="*", type=one_of("broker", BROKERS), help="which (all)")
        add(
            "--provider",
            type=one_of("provider", [p for p in PROVIDERS if p != "url"]),
            default=OF_UP["provider"],
            help="where up takes the server from; auto: the first that works",
        )
        add("--durability", type=one_of("durability", DURABILITY), default=OF_UP["durability"])
        add("--yes", action="store_true", help="install: really do it")
        add("--place", type=Path, default=BUILT / "infra", help=argparse.SUPPRESS)

    def check(self, options: argparse.Namespace, _matrix: Matrix) -> None:
        """No action, and options that mean nothing to the one asked for."""
        if options.action is None:
            raise UsageError(
                f"infra: say what to do, one of: {', '.join(ACTIONS)}; for example: "
                "nox -s infra -- up redis"
            )
        if options.action != "install" and options.yes:
            raise UsageError(f"infra: --yes goes with install, found {options.action}")
        for name, unasked in OF_UP.items():
            if options.action != "up" and getattr(options, name) != unasked:
                raise UsageError(f"infra: --{name} goes with up, found {options.action}")

    def brokers(self, options: argparse.Namespace, _matrix: Matrix) -> Sequence[str]:
        starts = options.action == "up" or options.yes
        return (options.brokers or BROKERS) if starts else ()

    def run(self, options: argparse.Namespace, matrix: Matrix) -> int:
        """0 when all asked for is as asked, 1 when something is not up (or not down), 2 for what
        is not offered at all.
        """
        if options.action == "install":  # needs the standard library only: CI calls it first of all
            from harness.machine.install import install

            return install(options.brokers, yes=options.yes)
        from harness.machine.standing.actions import alone
        from harness.machine.standing.down import down
        from harness.machine.standing.logs import logs
        from harness.machine.standing.status import status
        from harness.machine.standing.up import up

        place, asked = options.place.absolute(), options.brokers
        if options.action == "status":
            return status(place, asked)
        if options.action == "logs":
            return logs(place, asked)
        with alone(place):
            if options.action == "down":
                return down(place, asked)
            relaxed = options.durability == "relaxed"
            return up(place, matrix, asked, options.provider, relaxed=relaxed)


COMMAND = Infra()
