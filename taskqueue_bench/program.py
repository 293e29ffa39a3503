"""The command ``taskqueue-bench``: nox's sessions of this project, without nox."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from harness import __version__
from harness.cli.carry_out import carry_out
from harness.cli.environments import build_cell
from harness.cli.first_look import QUICKSTART, QUICKSTART_HELP, first_look, first_words
from harness.cli.host import run_harness
from harness.cli.matrix import Cell, Matrix, read_matrix
from harness.cli.sessions import cells_asked, check_sessions, frameworks_of, parted
from harness.cli.start import Typed
from harness.commands import COMMANDS
from harness.commands.bench import Bench
from infrastructure.errors import BenchError, UsageError
from infrastructure.redact import redacted
from taskqueue_bench.completion import candidates, script

OTHERS = {
    QUICKSTART: QUICKSTART_HELP,
    "completion": "Print the completion for bash, zsh or fish: eval it, or store it.",
}


def main(words: Sequence[str]) -> int:
    """Carry a command out; its exit code (docs/ci.md)."""
    matrix = read_matrix()
    name, *rest = words or ["--help"]
    rest = rest[1:] if rest[:1] == ["--"] else rest
    try:
        return run(name, rest, matrix)
    except BenchError as error:
        print(f"error: {redacted(str(error))}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130


def run(name: str, words: Sequence[str], matrix: Matrix) -> int:
    if name == "--complete":
        print("\n".join(candidates(words, known(matrix), matrix)))
        return 0
    if name in {"-h", "--help", "--version"}:
        print(__version__ if name == "--version" else overview())
        return 0
    if name == "completion":
        print(script(words))
        return 0
    check_sessions([name], known(matrix), matrix)
    here = Path.cwd()
    if name == QUICKSTART:
        words = first_words(words, matrix)
        return first_look(Typed.read(COMMANDS["compare"], words, matrix, here), COMMANDS)
    if name in COMMANDS and name != Bench.name:
        return carry_out(Typed.read(COMMANDS[name], words, matrix, here), COMMANDS)
    return bench(name, words, matrix)


def known(matrix: Matrix) -> list[str]:
    names = [name for name in COMMANDS if name != Bench.name]
    return [*names, *OTHERS, *matrix.sessions()]


def overview() -> str:
    helps = {n: c.help for n, c in COMMANDS.items() if n != Bench.name} | OTHERS
    lines = [f"  {name:<12}{said}" for name, said in helps.items()]
    cell = '  "bench-PYTHON(CELL)", as "bench-3.12(celery)": Measure one cell.'
    return "\n".join(["taskqueue-bench COMMAND [WORD …], or COMMAND --help:", *lines, cell])


def bench(name: str, words: Sequence[str], matrix: Matrix) -> int:
    """A cell, or those of a group of them one after the other; the worst exit code."""
    here, missed = parted(cells_asked([name], matrix), matrix)
    if missed:
        raise UsageError(f"no Python here for {shlex.join(missed)}")
    return max(measure(session, words, matrix) for session in here)


def measure(session: str, words: Sequence[str], matrix: Matrix) -> int:
    python, _, pin_id = session.removeprefix("bench-").removesuffix(")").partition("(")
    pin = next(pin for pin in matrix.pins() if pin.id == pin_id)
    typed = Typed.read(Bench(frameworks_of([session], matrix)), words, matrix, Path.cwd())
    typed.prepare()
    executable = build_cell(matrix, Cell(pin.framework, pin.version, python))
    cell = ("bench", pin.framework, pin.version, python, str(executable))
    return run_harness(matrix, *cell, *typed.words)
