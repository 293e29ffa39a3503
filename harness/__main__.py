"""``python -m harness COMMAND …``: what the nox sessions call.

Its exit codes are nox's, to which it says FOUND by a code of its own (``harness.cli.exits``).
"""

import argparse
import errno
import json
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from harness.cli.adapters import with_adapters
from harness.cli.exits import FOUND_SAID_BY, Exit
from harness.cli.matrix import Matrix, read_matrix
from harness.cli.streams import print_what_can_be
from harness.cli.words import TRIES
from harness.commands import COMMANDS, MEASURING
from harness.commands.bench import Bench, plan_of
from harness.commands.series import COMMAND as SERIES
from infrastructure.counted import counted
from infrastructure.errors import BenchError, UsageError
from infrastructure.redact import keep_secrets_of_environment, redacted

# What a full, read-only or forbidden disk answers; any other OSError is a defect of ours.
STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES}
NEEDS, TAKES = "needs", "takes"  # asked for by nox alone, as TRIES
MACHINE, HOST = "machine", "host"  # by a session on another machine


def interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    print_what_can_be()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # as nohup has it
            signal.signal(number, interrupt)  # end like Ctrl-C: stop the children, store the trial
    keep_secrets_of_environment()
    name, *words = sys.argv[1:] or [""]
    try:
        code = run(name, words)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit) as error:  # rich makes a SystemExit(1) of the first
        if isinstance(error, SystemExit) and not error.code:  # --help
            raise
        return unread()
    except BenchError as error:
        print(f"error: {redacted(str(error))}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print(f"interrupted{what_became(words) if name in MEASURING else ''}", file=sys.stderr)
        return Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001  whatever it is, there is no verdict
        say_broken(error, words)
        return Exit.BROKEN
    return code


def unread() -> int:
    """What is printed goes to a pipe that nobody reads any more, as that of ``| head``."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python fails once more as it ends
    print("error: what is printed goes to a pipe that was closed", file=sys.stderr)
    return Exit.BROKEN


def what_became(words: Sequence[str]) -> str:
    """What was measured is stored, or it waits beside the database for the next start."""
    found = waiting(words)
    if not found:
        return ": what was measured is stored"
    place = found[0].parents[1]
    return f": the next start stores what waits in {place} ({counted(len(found), 'trial')})"


def waiting(words: Sequence[str]) -> list[Path]:
    """Trials that are not in the database of these options yet."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--db", default="results.duckdb")
    place = Path(parser.parse_known_args(words)[0].db)
    return sorted(place.with_name(f"{place.name}.spool").glob("*/trial.json"))


def say_broken(error: Exception, words: Sequence[str]) -> None:
    """An error that nobody put into words: of storage, or a defect of ours."""
    if isinstance(error, OSError) and error.errno in STORAGE:
        found = waiting(words)
        later = (
            f", and the next start stores what waits ({counted(len(found), 'trial')})"
            if found
            else ""
        )
        print(
            f"error: {error}\nWhat was stored before is intact{later}. Free some space or name "
            "another place with --db.",
            file=sys.stderr,
        )
        return
    print(redacted("".join(traceback.format_exception(error))), file=sys.stderr)
    print("error: a defect of the harness, see above; there is no verdict", file=sys.stderr)


def run(name: str, words: Sequence[str]) -> int:
    if name in {"-h", "--help"}:
        print(overview())
        return 0
    if name in {MACHINE, HOST}:
        return elsewhere(name, words)
    if asked := {NEEDS: show_needs, TAKES: show_time, TRIES: show_tried}.get(name):
        return asked(words, with_adapters(read_matrix(), words))
    if name not in COMMANDS:
        raise UsageError(f"unknown command {name!r}: one of {', '.join(COMMANDS)}")
    return COMMANDS[name].main(words, with_adapters(read_matrix(), words))


def elsewhere(name: str, words: Sequence[str]) -> int:
    """What a session on another machine has this one do."""
    if name == HOST:
        from harness.experiment.cluster.host import main as serve

        return serve(read_matrix())
    from harness.experiment.cluster.machine import main as work

    return work(words, read_matrix())


def overview() -> str:
    """Every command with what it does."""
    lines = [f"  {command.name:<12}{command.help}" for command in COMMANDS.values()]
    return "\n".join(["python -m harness COMMAND …, which nox -s COMMAND -- … calls:", *lines])


def show_time(words: Sequence[str], matrix: Matrix) -> int:
    """``takes OPTION …``: print how many seconds a bench with these options takes, roughly."""
    print(plan_of(Bench().parse(words, matrix)).usual_s())
    return 0


def show_needs(words: Sequence[str], matrix: Matrix) -> int:
    """``needs COMMAND OPTION …``: print what nox has to build for the experiment to go on with, a
    cell a line.
    """
    name, *options = words
    command = COMMANDS[name]
    for cell in command.cells(command.parse(options, matrix), matrix):
        print(cell.line())
    return 0


def show_tried(words: Sequence[str], matrix: Matrix) -> int:
    """``tries OPTION …``: print, as JSON, whether the cell of a series drains a small backlog."""
    rate, why = SERIES.tried(SERIES.parse(words, matrix), matrix)
    print(json.dumps({"rate": rate, "why": why}))
    return 0


if __name__ == "__main__":
    ended = main()
    sys.exit(int(os.environ.get(FOUND_SAID_BY, ended)) if ended == Exit.FOUND else ended)
