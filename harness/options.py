"""The command lines of the sessions: what may stand after ``--``, checked before anything starts.

Standard library only: the noxfile parses with it before it builds an environment.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Never

from harness.errors import UsageError
from harness.matrix import ROOT, suggest

PROFILES = ["matched", "default", "tuned"]
PROVIDERS = ["embedded", "native", "url"]
DEFAULT_DB = "results.duckdb"


def scenario_names() -> list[str]:
    """Scenarios are the files of ``scenarios/``."""
    return sorted(p.stem for p in (ROOT / "scenarios").glob("[a-z]*.py"))


class Parser(argparse.ArgumentParser):
    """Raises UsageError with a suggestion instead of printing a synopsis and exiting."""

    def error(self, message: str) -> Never:
        raise UsageError(f"{self.prog}: {message}")

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        known, unknown = self.parse_known_args(arguments)
        if unknown:
            options = [name for name in self._option_string_actions if name.startswith("--")]
            self.error(f"unknown argument {unknown[0]!r}: {suggest(unknown[0], options)}")
        return known


def one_of(what: str, valid: list[str]) -> Callable[[str], str]:
    """An argparse type that refuses unknown words with the valid ones and a suggestion."""

    def check(word: str) -> str:
        if word not in valid:
            raise argparse.ArgumentTypeError(f"unknown {what} {word!r}: {suggest(word, valid)}")
        return word

    return check


def positive(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, found {word!r}")
    return int(word)


def natural(word: str) -> int:
    if not word.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number, found {word!r}")
    return int(word)


def database(word: str) -> Path:
    """A path whose folder exists."""
    path = Path(word).absolute()
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"no folder {path.parent} for the database {path.name}")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is a folder, expected a database file")
    return path


def bench_parser(brokers: list[str]) -> Parser:
    """Options of ``bench``; ``brokers`` are those of the framework."""
    parser = Parser(prog="bench", add_help=True, allow_abbrev=False)
    add = parser.add_argument
    add(
        "--scenario",
        action="append",
        type=one_of("scenario", scenario_names()),
        default=None,
        help="a scenario to run, repeatable (default: all that apply)",
    )
    add("--broker", type=one_of("broker", brokers), default=brokers[0] if brokers else None)
    add(
        "--provider",
        type=one_of("provider", PROVIDERS),
        default="embedded",
        help="embedded: a private server from PyPI; native: an installed one; url: a given one",
    )
    add("--broker-url", help="the server of --provider url")
    add(
        "--yes-flush",
        action="store_true",
        help="empty the server of --provider url first, whatever it holds",
    )
    add(
        "--trials",
        type=positive,
        help="trials a load (default 5; with --quick 2 backlogs and 1 a load point)",
    )
    add("--quick", action="store_true", help="small loads: for looking, decides nothing")
    add("--seed", type=natural, help="seed of every random choice (default: drawn and stored)")
    add("--no-profilers", action="store_true", help="leave out the py-spy and memray passes")
    add(
        "--profile",
        type=one_of("profile", PROFILES),
        default="matched",
        help="topology profile of the workers",
    )
    add("--db", type=database, default=Path(DEFAULT_DB).absolute())
    add("--list", action="store_true", help="show the scenarios and stop")
    return parser


def check_bench(options: argparse.Namespace) -> argparse.Namespace:
    """Refuse combinations that mean nothing. Raises UsageError."""
    if options.provider == "url" and not options.broker_url:
        raise UsageError("bench: --provider url needs --broker-url redis://HOST:PORT/DB")
    if options.provider != "url" and options.broker_url:
        raise UsageError(
            f"bench: --broker-url goes with --provider url, found --provider {options.provider}"
        )
    if options.yes_flush and options.provider != "url":
        raise UsageError("bench: --yes-flush goes with --provider url")
    return options


def database_parser(command: str) -> Parser:
    """Options of the sessions that only read or measure: ``--db``."""
    parser = Parser(prog=command, allow_abbrev=False)
    parser.add_argument("--db", type=database, default=Path(DEFAULT_DB).absolute())
    return parser


def report_parser() -> Parser:
    parser = database_parser("report")
    parser.add_argument("--out", type=Path, default=Path("report"), help="folder of the page")
    return parser


def doctor_parser() -> Parser:
    return database_parser("doctor")


def selfbench_parser() -> Parser:
    parser = database_parser("selfbench")
    parser.add_argument("--quick", action="store_true", help="smaller samples")
    parser.add_argument(
        "--cell",
        nargs=4,
        action="append",
        default=[],
        metavar=("FRAMEWORK", "VERSION", "PYTHON", "EXECUTABLE"),
        help="a built cell to measure with, repeatable (the nox session gives the newest of each)",
    )
    return parser


PARSERS: dict[str, Callable[[], Parser]] = {
    "report": report_parser,
    "doctor": doctor_parser,
    "selfbench": selfbench_parser,
}
