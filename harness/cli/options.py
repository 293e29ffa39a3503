"""The command lines of the sessions: what may stand after ``--``, checked before anything starts.

Standard library only: the noxfile parses with it before it builds an environment.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Never

from harness.cli.matrix import suggest
from infrastructure.errors import UsageError
from infrastructure.root import ROOT

PROFILES = ["matched", "default", "tuned"]
PROVIDERS = ["auto", "embedded", "native", "docker", "url"]
DURABILITY = ["production", "relaxed"]
# Of a framework's workers; the adapter says what they are.
VARIANTS = {"celery": ["threads", "results-redis", "results-database", "results-rpc"]}
# The modules of infrastructure/ that are brokers; a test holds this list to theirs.
BROKERS = ["redis", "postgresql", "mysql", "rabbitmq", "sqs"]
INFRA = ["up", "down", "status", "logs", "install"]
TOOLS = ["py-spy", "memray"]
FORMATS = ["csv", "json", "parquet"]
FAIL_ON = ["regression", "inconclusive"]
# Of the scenario tuning; scenarios/tuning.py says what they do.
BODIES = ["noop", "wait", "compute"]
DEFAULT_DB = "results.duckdb"


def scenario_names() -> list[str]:
    """Scenarios are the files of ``scenarios/``."""
    return sorted(p.stem for p in (ROOT / "scenarios").glob("[a-z]*.py"))


class Parser(argparse.ArgumentParser):
    """Raises UsageError with a suggestion instead of printing a synopsis and exiting."""

    def error(self, message: str) -> Never:
        raise UsageError(f"{self.prog}: {message}")

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        known, unknown = self.parse_known_intermixed_args(arguments)
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


def above_zero(unit: str, most: float = float("inf")) -> Callable[[str], float]:
    """An argparse type of a decimal number of ``unit`` above 0 and at most ``most``."""

    def check(word: str) -> float:
        if not word.replace(".", "", 1).isdecimal() or not 0 < float(word) <= most:
            raise argparse.ArgumentTypeError(f"expected {unit} above 0, found {word!r}")
        return float(word)

    return check


def port(word: str) -> int:
    if not word.isdecimal() or not 0 < int(word) < 65536:
        raise argparse.ArgumentTypeError(f"expected a port from 1 to 65535, found {word!r}")
    return int(word)


def natural(word: str) -> int:
    if not word.isdecimal() or int(word) >= 2**63:
        raise argparse.ArgumentTypeError(f"expected a whole number below 2^63, found {word!r}")
    return int(word)


def database(word: str) -> Path:
    """A path whose folder exists."""
    path = Path(word).absolute()
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"no folder {path.parent} for the database {path.name}")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is a folder, expected a database file")
    return path


def bench_parser(brokers: list[str], variants: list[str]) -> Parser:
    """Options of ``bench``; ``brokers`` and ``variants`` are those of the framework."""
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
    add_server(parser)
    add(
        "--trials",
        type=positive,
        help="trials a load (default: each scenario's own, 1 to 3; with --quick 1 or 2)",
    )
    add("--quick", action="store_true", help="small loads: for looking, decides nothing")
    add("--seed", type=natural, help="seed of every random choice (default: drawn and stored)")
    add(
        "--slo",
        type=above_zero("milliseconds"),
        help="search the rate that holds this p99, in ms (default 200; with --quick no search)",
    )
    add(
        "--body",
        type=one_of("body", BODIES),
        default=None,
        help="what the tasks of the scenario tuning do (noop)",
    )
    add("--no-profilers", action="store_true", help="leave out the py-spy and memray passes")
    add(
        "--profile",
        type=one_of("profile", PROFILES),
        default="matched",
        help="topology profile of the workers",
    )
    add(
        "--variant",
        type=one_of("variant", variants),
        default=None,
        help=f"of the workers: {', '.join(variants) or 'this framework has none'}",
    )
    add("--db", type=database, default=Path(DEFAULT_DB).absolute())
    add("--list", action="store_true", help="show the scenarios and stop")
    add_live(parser)
    return parser


def add_server(parser: Parser) -> None:
    """Where the broker comes from."""
    add = parser.add_argument
    add(
        "--provider",
        type=one_of("provider", PROVIDERS),
        default="auto",
        help="embedded: a private server from PyPI; native: an installed one; docker: a container; "
        "url: a given one; auto: the first of these that works",
    )
    add("--broker-url", default=None, help="the server of --provider url")
    add(
        "--yes-flush",
        action="store_true",
        help="empty the server of --provider url first, whatever it holds",
    )
    add(
        "--durability",
        type=one_of("durability", DURABILITY),
        default="production",
        help="the server's production default, or relaxed: faster, loses data in a crash",
    )


def add_live(parser: Parser) -> None:
    """How a session can be looked at while it runs."""
    parser.add_argument(
        "--metrics-port",
        type=port,
        default=None,
        help="serve Prometheus metrics there while it runs, on 127.0.0.1 only",
    )


def check_server(options: argparse.Namespace, command: str) -> argparse.Namespace:
    """Refuse combinations of options that mean nothing. Raises UsageError."""
    if options.provider == "url" and not options.broker_url:
        raise UsageError(f"{command}: --provider url needs --broker-url, as redis://HOST:PORT/DB")
    if options.provider != "url" and options.broker_url:
        raise UsageError(
            f"{command}: --broker-url goes with --provider url, found --provider {options.provider}"
        )
    if options.durability == "relaxed" and options.provider == "url":
        raise UsageError(f"{command}: a given server is as it is: leave --durability out")
    if options.yes_flush and options.provider != "url":
        raise UsageError(f"{command}: --yes-flush goes with --provider url")
    if getattr(options, "body", None) and "tuning" not in (options.scenario or ()):
        raise UsageError(f"{command}: --body goes with --scenario tuning")
    return options


def database_parser(command: str) -> Parser:
    """Options of the sessions that only read or measure: ``--db``."""
    parser = Parser(prog=command, allow_abbrev=False)
    parser.add_argument("--db", type=database, default=Path(DEFAULT_DB).absolute())
    return parser


def pages_parser(command: str, out: str) -> Parser:
    """Options of the sessions that write pages: ``--db``, ``--out``."""
    parser = database_parser(command)
    parser.add_argument("--out", type=folder, default=Path(out), help=f"folder to write to ({out})")
    return parser


def report_parser() -> Parser:
    parser = pages_parser("report", "report")
    parser.add_argument(
        "--experiment", metavar="ID", default=None, help="of this one only (the latest of each arm)"
    )
    return parser


def publish_parser() -> Parser:
    return pages_parser("publish", "site")


def flamegraph_parser() -> Parser:
    parser = pages_parser("flamegraph", "report")
    parser.add_argument("trials", nargs="*", help="TRIAL, or BASE HEAD: trials or arms")
    parser.add_argument(
        "--tool",
        type=one_of("tool", TOOLS),
        default=None,
        help="CPU samples (py-spy) or memory at the peak (memray); default: both where there are",
    )
    return parser


def check_passes(options: argparse.Namespace) -> argparse.Namespace:
    """Refuse no words and more than two. Raises UsageError."""
    if len(options.trials) not in {1, 2}:
        raise UsageError(
            "flamegraph: name one profiled trial or arm, or two for their difference, found "
            f"{len(options.trials)}: nox -s flamegraph -- asynctasq==1.6.0 asynctasq==1.7.0"
        )
    return options


def folder(word: str) -> Path:
    """A folder that is there or can be made."""
    path = Path(word)
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is a file, expected a folder")
    return path


def export_parser() -> Parser:
    parser = database_parser("export")
    add = parser.add_argument
    add("--format", type=one_of("format", FORMATS), default="csv", help="of the tables (csv)")
    add("--out", type=folder, default=Path("results"), help="folder of the files (results)")
    add("--scenario", action="append", type=one_of("scenario", scenario_names()), default=None)
    return parser


def results_parser() -> Parser:
    parser = database_parser("results")
    parser.add_argument("scenario", nargs="?", type=one_of("scenario", scenario_names()))
    return parser


def query_names() -> list[str]:
    """Named queries are the files ``query_NAME.sql``."""
    files = (ROOT / "harness" / "report" / "sql" / "query").glob("query_*.sql")
    return sorted(p.stem.removeprefix("query_") for p in files)


def query(word: str) -> str:
    """SQL, or the name of a query: a single word is taken for a name."""
    if not word.strip():
        raise argparse.ArgumentTypeError("expected SQL or the name of a query, found nothing")
    if word.isidentifier() and word not in query_names():
        raise argparse.ArgumentTypeError(
            f"unknown query {word!r}: {suggest(word, query_names())}; SQL stands in quotes: "
            'nox -s query -- "FROM trial"'
        )
    return word


def query_parser() -> Parser:
    parser = database_parser("query")
    parser.add_argument("query", nargs="?", type=query, help="SQL in quotes, or a query's name")
    parser.add_argument("--limit", type=positive, default=200, help="rows to show at most (200)")
    return parser


def doctor_parser() -> Parser:
    return database_parser("doctor")


def infra_parser() -> Parser:
    parser = Parser(prog="infra", allow_abbrev=False)
    add = parser.add_argument
    add("action", nargs="?", type=one_of("action", INFRA), help="what to do")
    add("brokers", nargs="*", type=one_of("broker", BROKERS), help="which (all)")
    add(
        "--provider",
        type=one_of("provider", [p for p in PROVIDERS if p != "url"]),
        default="auto",
        help="where up takes the server from; auto: the first that works",
    )
    add("--durability", type=one_of("durability", DURABILITY), default="production")
    add("--yes", action="store_true", help="install: really do it")
    add("--place", type=Path, default=ROOT / ".nox" / "infra", help=argparse.SUPPRESS)
    return parser


def check_infra(options: argparse.Namespace) -> argparse.Namespace:
    """Refuse no action, and options that mean nothing to the one asked for. Raises UsageError."""
    if options.action is None:
        raise UsageError(
            f"infra: say what to do, one of: {', '.join(INFRA)}; for example: "
            "nox -s infra -- up redis"
        )
    if options.action != "install" and options.yes:
        raise UsageError(f"infra: --yes goes with install, found {options.action}")
    for name, default in (("provider", "auto"), ("durability", "production")):
        if options.action != "up" and getattr(options, name) != default:
            raise UsageError(f"infra: --{name} goes with up, found {options.action}")
    return options


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


def validate_parser() -> Parser:
    parser = selfbench_parser()
    parser.prog = "validate"
    parser.add_argument("--full", action="store_true", help="200 and 30 experiments: hours")
    parser.add_argument("--seed", type=natural, default=None)
    return parser


def duration(word: str) -> float:
    """``90s``, ``30m`` or ``2h`` in seconds."""
    units = {"s": 1, "m": 60, "h": 3600}
    if word[-1:] not in units or not word[:-1].isdecimal():
        raise argparse.ArgumentTypeError(f"expected a time such as 90s, 30m or 2h, found {word!r}")
    return float(word[:-1]) * units[word[-1]]


def arms_parser(command: str) -> Parser:
    """What the sessions share whose arms are named after ``--``."""
    parser = Parser(prog=command, allow_abbrev=False)
    add = parser.add_argument
    add("--broker", default=None, help="broker of arms that name none")
    add("--python", default=None, help="Python of arms that name none")
    add("--profile", type=one_of("profile", PROFILES), default="matched")
    add_server(parser)
    add_live(parser)
    add("--seed", type=natural, default=None)
    add("--db", type=database, default=Path(DEFAULT_DB).absolute())
    add("--cell", nargs=4, action="append", default=[], help=argparse.SUPPRESS)
    return parser


def comparison_parser(command: str) -> Parser:
    """What ``compare`` and ``regress`` share."""
    parser = arms_parser(command)
    add = parser.add_argument
    add("--scenario", action="append", type=one_of("scenario", scenario_names()), default=None)
    add("--blocks", type=positive, default=15, help="blocks, every arm once in each (15)")
    add("--pilot", action="store_true", help="size the experiment by 5 blocks that are thrown away")
    add("--max-time", type=duration, default=None, help="start no block after this time: 30m")
    add("--fail-on", type=one_of("condition", FAIL_ON), default="regression")
    add("--quick", action="store_true", help="small loads")
    add("--out", type=Path, default=Path("report"), help="folder of verdicts.json and verdicts.md")
    add("--dry-run", action="store_true", help="show the plan and its time, and stop")
    return parser


def compare_parser() -> Parser:
    parser = comparison_parser("compare")
    parser.add_argument("arms", nargs="*", help="FRAMEWORK[==VERSION][@VARIANT][,python=…]")
    parser.add_argument("--aa", action="store_true", help="allow equal arms")
    parser.add_argument("--factor", action="append", default=[], help="declare a second difference")
    parser.add_argument("--resume", default=None, help="go on with a killed experiment")
    parser.add_argument(
        "--across", nargs=2, default=None, metavar="EXPERIMENT",
        help="describe the ratio of two stored experiments instead, where one is allowed",
    )  # fmt: skip
    return parser


def regress_parser() -> Parser:
    parser = comparison_parser("regress")
    parser.add_argument("framework", nargs="?")
    parser.add_argument("versions", nargs="*", help="in order, oldest first")
    parser.add_argument("--last", type=positive, default=None, help="the newest N pinned versions")
    parser.add_argument("--confirm", action="store_true", help="a fresh experiment for each step")
    return parser


def soak_parser() -> Parser:
    """Options of ``soak``; the hours are needed unless an experiment is gone on with."""
    parser = arms_parser("soak")
    add = parser.add_argument
    add("arm", nargs="?", default=None, help="FRAMEWORK[==VERSION][@VARIANT][,python=…]")
    add("--hours", type=above_zero("hours", most=1000), default=None, help="how long, as 8 or 0.25")
    add("--rate", type=positive, default=100, help="tasks a second (100)")
    add("--resume", default=None, help="go on with a soak that was ended early")
    return parser


PARSERS: dict[str, Callable[[], Parser]] = {
    "report": report_parser,
    "publish": publish_parser,
    "results": results_parser,
    "query": query_parser,
    "export": export_parser,
    "doctor": doctor_parser,
    "selfbench": selfbench_parser,
    "validate": validate_parser,
    "compare": compare_parser,
    "regress": regress_parser,
    "soak": soak_parser,
    "flamegraph": flamegraph_parser,
    "infra": infra_parser,
}
