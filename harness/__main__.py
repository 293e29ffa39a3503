"""``python -m harness COMMAND …``: what the nox sessions call."""

import errno
import signal
import sys
from collections.abc import Callable
from types import FrameType

from harness.cli import options
from harness.cli.arms import requested, soaked
from harness.cli.matrix import Matrix
from infrastructure.errors import BenchError, UsageError
from infrastructure.root import ROOT


def read_matrix() -> Matrix:
    import tomllib

    return Matrix.from_pyproject(tomllib.loads((ROOT / "pyproject.toml").read_text()))


def bench(arguments: list[str]) -> int:
    """``bench FRAMEWORK VERSION PYTHON EXECUTABLE [OPTION …]``."""
    framework, version, python, executable, *rest = arguments
    brokers = list(read_matrix().frameworks[framework].brokers)
    parsed = options.bench_parser(brokers, options.VARIANTS.get(framework, [])).parse(rest)
    options.check_server(parsed, "bench")
    from harness.experiment.bench import bench_command, chosen_broker, list_scenarios
    from harness.trial.cell import Arm
    from harness.trial.watch import watching

    if parsed.list:
        list_scenarios()
        return 0
    choice = chosen_broker(parsed.broker, parsed)
    variant = {"variant": parsed.variant} if parsed.variant else {}
    arm = Arm(framework, version, python, executable, choice, parsed.profile, variant)
    with watching(parsed.metrics_port) as watch:
        return bench_command(arm, parsed, watch)


def report(arguments: list[str]) -> int:
    parsed = options.report_parser().parse(arguments)
    from harness.report.report import report_command

    return report_command(parsed)


def publish(arguments: list[str]) -> int:
    parsed = options.publish_parser().parse(arguments)
    from harness.report.site.publish import publish_command

    return publish_command(parsed)


def flamegraph(arguments: list[str]) -> int:
    parsed = options.check_passes(options.flamegraph_parser().parse(arguments))
    from harness.report.flamegraph.page import flamegraph_command

    return flamegraph_command(read_matrix(), parsed)


def results(arguments: list[str]) -> int:
    parsed = options.results_parser().parse(arguments)
    from harness.report.results import results_command

    return results_command(parsed)


def query(arguments: list[str]) -> int:
    parsed = options.query_parser().parse(arguments)
    from harness.report.query import query_command

    return query_command(parsed)


def export(arguments: list[str]) -> int:
    parsed = options.export_parser().parse(arguments)
    from harness.report.export import export_command

    return export_command(parsed)


def doctor(arguments: list[str]) -> int:
    parsed = options.doctor_parser().parse(arguments)
    from harness.machine.doctor import doctor_command

    return doctor_command(read_matrix(), parsed)


def infra(arguments: list[str]) -> int:
    parsed = options.check_infra(options.infra_parser().parse(arguments))
    if parsed.action == "install":  # needs the standard library only: CI calls it first of all
        from harness.machine.install import install_command

        return install_command(parsed)
    from harness.machine.standing import infra_command

    return infra_command(read_matrix(), parsed)


def selfbench(arguments: list[str]) -> int:
    parsed = options.selfbench_parser().parse(arguments)
    from harness.prove.selfbench import selfbench_command

    return selfbench_command(parsed)


def validate(arguments: list[str]) -> int:
    parsed = options.validate_parser().parse(arguments)
    from harness.prove.validate import validate_command

    return validate_command(parsed, read_matrix())


def compare(arguments: list[str]) -> int:
    return comparison("compare", arguments)


def regress(arguments: list[str]) -> int:
    return comparison("regress", arguments)


def comparison(command: str, arguments: list[str]) -> int:
    parsed = options.PARSERS[command]().parse(arguments)
    from harness.experiment.compare import compare_command
    from harness.judge.across import across_command
    from harness.trial.watch import watching

    if getattr(parsed, "across", None):
        return across_command(parsed)
    with watching(parsed.metrics_port) as watch:
        return compare_command(read_matrix(), parsed, command, watch)


def soak(arguments: list[str]) -> int:
    parsed = options.soak_parser().parse(arguments)
    from harness.experiment.soak import resumed, soak_command
    from harness.trial.watch import watching

    if parsed.resume:
        parsed = resumed(parsed)
    with watching(parsed.metrics_port) as watch:
        return soak_command(soaked(parsed, read_matrix()), parsed, watch)


def cells(arguments: list[str]) -> int:
    """``cells compare|regress|soak OPTION …``: print the cells of the experiment to go on with, one
    a line: what nox has to build.
    """
    session, *rest = arguments
    parsed = options.PARSERS[session]().parse(rest)
    matrix = read_matrix()
    if session == "soak":
        from harness.experiment.soak import resumed as soak_resumed

        arms = [soaked(soak_resumed(parsed), matrix)]
    else:
        from harness.experiment.compare import resumed

        arms = requested(resumed(parsed), matrix)
    for arm in arms:
        print(arm.framework, arm.version, arm.python)
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "bench": bench,
    "report": report,
    "publish": publish,
    "flamegraph": flamegraph,
    "results": results,
    "query": query,
    "export": export,
    "doctor": doctor,
    "selfbench": selfbench,
    "validate": validate,
    "compare": compare,
    "regress": regress,
    "soak": soak,
    "cells": cells,
    "infra": infra,
}


COMPARISONS = ("compare", "regress")
BROKEN = 4  # a comparison could not be carried out: for it, 1 means a regression

# What a full, read-only or forbidden disk answers; any other OSError is a defect of ours.
STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}


def interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)  # end like Ctrl-C: stop the children, store the trial
    command, *arguments = sys.argv[1:] or [""]
    try:
        if command not in COMMANDS:
            raise UsageError(f"unknown command {command!r}: one of {', '.join(COMMANDS)}")
        return COMMANDS[command](arguments)
    except BenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return BROKEN if command in COMPARISONS and error.exit_code == 1 else error.exit_code
    except OSError as error:
        if error.errno not in STORAGE:
            raise
        print(
            f"error: {error}\nWhat was stored before is intact, and the next start stores what "
            "this trial had recorded. Free some space or name another place with --db.",
            file=sys.stderr,
        )
        return BROKEN if command in COMPARISONS else 1
    except KeyboardInterrupt:
        print("interrupted: what was measured is stored", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
