"""Options that several commands share, each added to a parser by its group."""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from harness.cli.cluster import add_cluster
from harness.cli.parser import (
    Parser,
    above_zero,
    assignment,
    database,
    duration,
    natural,
    one_of,
    port,
    positive,
)
from harness.cli.words import ADDRESS, DURABILITY, PROFILES, PROVIDERS, scenario_names
from infrastructure.errors import UsageError
from infrastructure.redact import keep_secrets_of

# Scenarios whose latencies between hosts are known as such: harness/measure/crossing.py.
PLACED = {"throughput", "latency", "demand"}
FAIL_ON = ["regression", "inconclusive"]


def usual_database() -> Path:
    """Where nobody names another."""
    return Path("results.duckdb").absolute()


def add_database(parser: Parser) -> None:
    parser.add_argument(
        "--db", type=database, default=usual_database(), help="the database (results.duckdb)"
    )


def add_json(parser: Parser) -> None:
    """Of a command that ends with one look."""
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="also write the final answer as JSON"
    )


def add_scenarios(parser: Parser, default: str) -> None:
    parser.add_argument(
        "--scenario",
        action="append",
        type=one_of("scenario", scenario_names()),
        default=None,
        help=f"a scenario, repeatable (default: {default})",
    )
    parser.add_argument(
        "--scenario-file",
        action="append",
        default=[],
        metavar="FILE",
        help="your own scenario, repeatable",
    )


def add_profile(parser: Parser) -> None:
    parser.add_argument(
        "--profile",
        type=one_of("profile", PROFILES),
        default="matched",
        help="topology profile of the workers",
    )


def add_seed(parser: Parser) -> None:
    parser.add_argument("--seed", type=natural, help="seed of random choices (drawn, and stored)")


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
    add("--broker-url", default=None, help=f"the server of --provider url ({ADDRESS})")
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


def check_server(options: argparse.Namespace, command: str) -> None:
    """Refuse options of the server that mean nothing together. Raises UsageError.

    The address may come from the environment, and its secrets are cut from now on.
    """
    if options.provider == "url" and not options.broker_url:
        options.broker_url = os.environ.get(ADDRESS)
    keep_secrets_of(options.broker_url or "")
    if options.provider == "url" and not options.broker_url:
        raise UsageError(
            f"{command}: --provider url needs --broker-url, as redis://HOST:PORT/DB, or {ADDRESS} "
            "in the environment, which no list of processes shows"
        )
    if options.provider != "url" and options.broker_url:
        raise UsageError(
            f"{command}: --broker-url goes with --provider url, found --provider {options.provider}"
        )
    if options.durability == "relaxed" and options.provider == "url":
        raise UsageError(f"{command}: a given server is as it is: leave --durability out")
    if options.yes_flush and options.provider != "url":
        raise UsageError(f"{command}: --yes-flush goes with --provider url")


def add_place(parser: Parser) -> None:
    parser.add_argument(
        "--place",
        metavar="ROLE=HOST",
        help="run broker, worker or producer on a host of its own, separated by commas: "
        "worker=netns:NAME (docs/network.md)",
    )


def check_place(options: argparse.Namespace, command: str, usual: Sequence[str]) -> None:
    """Refuse what is not measured over hosts; ``usual``: scenarios where none is named. Raises
    UsageError.
    """
    if not options.place:
        return
    own = [*options.scenario_file, *filter(None, [vars(options).get("workload")])]
    if others := [*own, *sorted({*(options.scenario or usual)} - PLACED)]:
        raise UsageError(
            f"{command}: --place goes with {', '.join(sorted(PLACED))}, found {others[0]}: name "
            "them with --scenario"
        )
    if options.metrics_port:
        raise UsageError(f"{command}: live metrics know one clock: leave --metrics-port out")


def add_live(parser: Parser) -> None:
    """How a session can be looked at while it runs."""
    parser.add_argument(
        "--metrics-port",
        type=port,
        help="serve Prometheus metrics there while it runs, on 127.0.0.1 only",
    )


def add_wait(parser: Parser) -> None:
    """Of commands that measure, which one at a time does on a machine."""
    parser.add_argument(
        "--wait",
        action="store_true",
        help="if another bench is running on this machine, wait for it to end",
    )


def without_added(words: Sequence[str]) -> list[str]:
    """The words as a person types them: without the cells and releases that nox has added."""
    found = list(words)
    for option, values in (("--cell", 4), ("--release", 5)):
        while option in found:
            at = found.index(option)
            del found[at : at + 1 + values]
    return found


def add_cells(parser: Parser) -> None:
    """The cells that nox has built for this session."""
    parser.add_argument(
        "--cell",
        nargs=4,
        action="append",
        default=[],
        metavar=("FRAMEWORK", "VERSION", "PYTHON", "EXECUTABLE"),
        help=argparse.SUPPRESS,
    )


def add_settings(parser: Parser) -> None:
    parser.add_argument(
        "--set",
        action="append",
        type=assignment,
        default=[],
        metavar="KEY=VALUE",
        help="a setting of the framework, in every arm; repeatable",
    )


def add_code(parser: Parser) -> None:
    """What an arm runs beside its pin."""
    add_settings(parser)
    add = parser.add_argument
    add(
        "--with",
        dest="beside",
        action="append",
        default=[],
        metavar="PACKAGE",
        help="a package of every cell: kombu@path:../kombu, kombu==5.4.0; repeatable",
    )
    add(
        "--adapter",
        action="append",
        default=[],
        metavar="FILE",
        help="your own adapter; its name without .py becomes a framework; repeatable",
    )


def add_arms(parser: Parser) -> Callable[..., argparse.Action]:
    """Of commands whose arms are named after ``--``; adds what is each one's own."""
    add_code(parser)
    parser.add_argument("--broker", default=None, help="broker of arms that name none")
    parser.add_argument("--python", default=None, help="Python of arms that name none")
    add_session(parser)
    return parser.add_argument


def add_session(parser: Parser) -> None:
    """Of commands that measure: how all arms are started, and what is kept of it where."""
    add_profile(parser)
    add_server(parser)
    add_live(parser)
    add_wait(parser)
    add_seed(parser)
    add_database(parser)
    add_cells(parser)


def add_pieces(parser: Parser, hours: float, what: str) -> None:
    """Of commands that measure a fixed list within a time, in pieces; ``what``: an experiment of
    theirs, in words.
    """
    add = parser.add_argument
    add("--quick", action="store_true", help="small loads, for a first look; don't quote them")
    add(
        "--max-time",
        type=duration,
        default=3600 * hours,
        help=f"when it has to have ended, as 30m or 2h ({60 * hours:.0f}m)",
    )
    add("--resume", help=f"go on with {what} that was ended")
    add("--dry-run", action="store_true", help="show the plan and its time, and stop")


def add_comparison(parser: Parser, scenarios: str) -> Callable[..., argparse.Action]:
    """Of ``compare`` and ``regress``, by their usual scenarios; adds what is each one's own."""
    add = add_arms(parser)
    add_scenarios(parser, scenarios)
    add_place(parser)
    add_json(parser)
    add("--workload", metavar="FILE", help="your own task and its arrivals, in every arm")
    add(
        "--margin",
        type=above_zero("percent", 50),
        help="the smallest difference that matters, in percent (each metric's own: 3 or 5)",
    )
    add(
        "--load",
        action="append",
        default=[],
        metavar="WORDS",
        help="only this load, named as in the plan: 'latency at load 0.5'; repeatable",
    )
    add(
        "--blocks",
        type=positive,
        help="blocks, every arm once in each (15, or more where its claims take more)",
    )
    add(
        "--pilot",
        action="store_true",
        help="size the experiment by 5 blocks that are then discarded",
    )
    add("--max-time", type=duration, default=None, help="start no block after this time: 30m")
    add(
        "--fail-on",
        type=one_of("condition", FAIL_ON),
        default="regression",
        help="inconclusive: exit with 3 where a verdict is inconclusive",
    )
    add("--quick", action="store_true", help="small loads")
    add(
        "--sequential",
        action="store_true",
        help="measure one arm after the other, not in turns",
    )
    add("--pin", action="store_true", help="keep each worker process on a core of its own")
    add("--out", type=Path, default=Path("report"), help="folder of verdicts.json and verdicts.md")
    add("--dry-run", action="store_true", help="show the plan and its time, and stop")
    add_cluster(add)
    return add
