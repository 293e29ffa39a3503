# /// script
# requires-python = ">=3.11"
# dependencies = ["nox>=2026.4", "uv>=0.9"]
# ///
"""Sessions of the benchmark. Plain nox suffices: it brings uv, and each session its environments.

nox -s "bench-3.12(asynctasq)"   measure one cell       nox -s report     write report/index.html
nox -s quickstart                compare two, in turns  nox -s tests      run the tests
nox -s doctor                    check this machine     nox -s selfbench  measure the harness
nox -s compare -- ARM ARM        interleaved, verdicts  nox -s validate   prove the harness right
nox -s soak -- ARM --hours H     steady load for hours  nox -s regress    versions of a framework
nox -s survey                    every framework on a broker, within an hour
nox -s series -- FRAMEWORK       every release since a day, and the steps in between
nox -s claims                    what others claim, as they did and properly
nox -s flamegraph -- BASE HEAD   two profiles, and what one has more of
nox -s results                   latest figures         nox -s query      ask the database
nox -s export -- --format csv    files for others
nox -s publish -- --out site/    a static site of reports and their history
nox -s infra -- up redis         a broker that stays up, down, status, logs, install
"""

import inspect
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from types import TracebackType
from typing import Any, Never

import nox


def broken(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> Never:
    """Exit with 4 where Python would with 1, which is a regression's."""
    traceback.print_exception(kind, error, where)
    raise SystemExit(4)


sys.excepthook = broken  # of what goes wrong before a session runs, the next imports too
sys.path.insert(0, str(Path(__file__).parent))

from harness.cli.carry_out import carry_out
from harness.cli.command import Command
from harness.cli.emulator import install_sqs, lock_sqs
from harness.cli.environments import ENVIRONMENTS, build_cell, locked, sync, sync_cell
from harness.cli.exits import Exit
from harness.cli.first_look import QUICKSTART_HELP, first_look, first_words
from harness.cli.host import ask_harness, run_harness
from harness.cli.interpreters import first_python, interpreters
from harness.cli.locks import chosen_locks, compile_lock, lock_requirements
from harness.cli.matrix import LOCKS, Matrix, Pin
from harness.cli.sessions import (
    cells_asked,
    check_sessions,
    frameworks_of,
    left_out,
    overview,
    parted,
    sessions_asked,
)
from harness.cli.start import Typed
from harness.cli.streams import print_what_can_be
from harness.cli.uv import uv
from harness.commands import COMMANDS
from harness.commands.bench import Bench
from infrastructure.errors import BenchError, UsageError
from infrastructure.redact import redacted

print_what_can_be()
PYPROJECT = nox.project.load_toml("pyproject.toml")
MATRIX = Matrix.from_pyproject(PYPROJECT)
FOUND = interpreters(MATRIX.pythons)
PYTHON = first_python(MATRIX.pythons)

nox.needs_version = ">=2026.4"
nox.options.sessions = ["quickstart"]
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"  # exact: every session syncs its environment to a lock
nox.options.error_on_missing_interpreters = True

# nox looks interpreters up on PATH and downloads what it misses; ours are where find_python says.
nox.options.download_python = "never"
os.environ["PATH"] = os.pathsep.join(
    [*dict.fromkeys(str(Path(p).parent) for p in FOUND.values()), os.environ["PATH"]]
)

# Bytecode is kept even for who asked Python for none, as images do: every process of the tests, and
# there are hundreds, would compile the project anew.
TESTING = {"BENCH_CELLS": str(ENVIRONMENTS), "PYTHONDONTWRITEBYTECODE": None}
AT_ONCE = 4  # environments that are built beside each other
MOST_REPEATED = 5  # failed integration tests that are run again, alone
TIERS = ("unit", "integration", "docs")  # the folders of tests/
CUT = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
ASKED, WORDS = list(sessions_asked(sys.argv[1:CUT])), sys.argv[CUT + 1 :]
LISTING = {"-l", "--list", "--list-sessions"} & set(sys.argv[:CUT])
CELLS_ASKED = cells_asked(ASKED, MATRIX)
PINNED = [nox.param(pin, id=pin.id) for pin in MATRIX.pins()]


def refuse(error: BenchError) -> Never:
    print(f"error: {redacted(str(error))}", file=sys.stderr)
    raise SystemExit(error.exit_code) from None


@contextmanager
def ended_by_us() -> Iterator[None]:
    """End nox by our own codes: it would end with 1 for whatever a session raises."""
    try:
        yield
    except BenchError as error:
        refuse(error)
    except nox.command.CommandFailed:
        raise
    except Exception as error:  # noqa: BLE001  printed, and nothing is decided
        broken(type(error), error, error.__traceback__)


def typed(command: Command, words: Sequence[str]) -> Typed:
    """A command's words as read where nox was called; exits with 2 where one is wrong."""
    try:
        return Typed.read(command, words, MATRIX, called_from())
    except UsageError as error:
        refuse(error)


def called_from() -> Path:
    """The folder that nox was called from: it has left it for this one, and keeps it in its
    configuration, which a noxfile is not given while it is read.
    """
    frame = inspect.currentframe()
    while frame and "global_config" not in frame.f_locals:
        frame = frame.f_back
    return Path(frame.f_locals["global_config"].invoked_from if frame else ".").resolve()


def refuse_wrong_arguments() -> None:
    """Exit with 2 before an environment is built when something asked for does not exist."""
    try:
        check_sessions(ASKED, list(nox.registry.get()), MATRIX)
        if "lock" in ASKED:
            chosen_locks(WORDS, lock_requirements(MATRIX, PYPROJECT), list(MATRIX.frameworks))
    except UsageError as error:
        refuse(error)
    if "quickstart" in ASKED:
        typed(COMMANDS["compare"], first_words(WORDS, MATRIX))
    for name in ASKED:
        if name in COMMANDS and name not in CELLS_ASKED:
            typed(COMMANDS[name], WORDS)
    if CELLS_ASKED:
        refuse_many(typed(Bench(frameworks_of(CELLS_ASKED, MATRIX)), WORDS))
    if said := left_out(CELLS_ASKED, MATRIX):
        print(said, file=sys.stderr)


def refuse_many(asked: Typed) -> None:
    """Say how long several cells take, and ask; exits with 2 where nobody answers, or says no."""
    here, _ = parted(CELLS_ASKED, MATRIX)
    if len(here) < 2 or asked.options.yes or asked.options.list:
        return
    with ended_by_us():
        each_s = float(ask_harness(MATRIX, "takes", *asked.words))
    print(
        f"{len(here)} cells, one after the other, each about {each_s / 60:.0f} min: "
        f"{each_s * len(here) / 3600:.1f} h in all"
    )
    if not sys.stdin.isatty():
        refuse(UsageError("several cells were asked for: start them with -- --yes, or name one"))
    if input("Start? [y/N] ").strip().lower() not in {"y", "yes"}:
        raise SystemExit(Exit.USAGE)


def end(code: int) -> None:
    """By a code of ours unless it is 0."""
    if code:
        raise SystemExit(code)


def bench(session: nox.Session, pin: Pin) -> None:
    """Measure one framework version on one Python."""
    environment = Path(session.virtualenv.location)
    executable = environment.resolve() / "bin" / "python"
    python = str(session.python)
    with next_cell_may_work(), ended_by_us():
        sync_cell(environment, locked(pin))
        asked = typed(Bench([pin.framework]), session.posargs)
        asked.prepare()
        cell = ("bench", pin.framework, pin.version, python, str(executable))
        end(run_harness(MATRIX, *cell, *asked.words))


if LISTING:  # a hundred like lines would bury the other sessions
    nox.session(name="bench-PYTHON(CELL)", venv_backend="none")(bench)
    __doc__ = f"{__doc__}\n{overview(MATRIX)}"
else:
    nox.session(python=list(MATRIX.pythons))(nox.parametrize("pin", PINNED)(bench))


@contextmanager
def next_cell_may_work() -> Iterator[None]:
    """Let nox count a cell that failed, and end with 1; one that is alone ends with its own."""
    try:
        yield
    except SystemExit as ended:
        of_many = len(CELLS_ASKED) > 1 and ended.code in {Exit.BROKEN, Exit.NO_VERDICT}
        if of_many or ended.code == Exit.FOUND:
            raise nox.command.CommandFailed(reason="a cell failed, see above") from None
        raise


def quickstart(session: nox.Session) -> None:
    with ended_by_us():
        comparison = typed(COMMANDS["compare"], first_words(session.posargs, MATRIX))
        end(first_look(comparison, COMMANDS))


quickstart.__doc__ = QUICKSTART_HELP
nox.session(venv_backend="none")(quickstart)


def session_of(command: Command) -> Callable[[nox.Session], None]:
    """The session that runs a command, with the command's help as nox lists it."""

    def session(session: nox.Session) -> None:
        with ended_by_us():
            asked = typed(command, session.posargs)
            end(carry_out(asked, COMMANDS))

    session.__doc__ = command.help
    return session


for known in COMMANDS.values():
    if known.name != "bench":
        nox.session(name=known.name, venv_backend="none")(session_of(known))


@nox.session(python=PYTHON)
@ended_by_us()
def lint(session: nox.Session) -> None:
    """Run ruff and mypy over everything."""
    sync(Path(session.virtualenv.location), LOCKS / "dev.txt")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


def failures_worth_repeating(cache: Path) -> list[str]:
    """The failed tests by pytest's cache where a disturbed machine explains them; else none.

    An integration test waits for processes on cores that the other tests use too. A defect fails
    alone as well, and a few are repeated at most: many have one cause, and it is not the machine.
    """
    found = cache / "v" / "cache" / "lastfailed"
    failed = sorted(json.loads(found.read_text())) if found.exists() else []
    alike = all(name.startswith("tests/integration/") for name in failed)
    return failed if alike and len(failed) <= MOST_REPEATED else []


def build_for_tests(python: str) -> None:
    """Every framework's newest cell and its oldest, and the SQS emulator; several at once, since an
    index is waited for, and without bytecode of all that nobody imports. Raises BenchError.
    """
    newest, oldest = MATRIX.newest(MATRIX.frameworks, python), MATRIX.oldest(python)
    named = {f"tests-{cell.framework}": cell for cell in newest}
    named |= {f"tests-{cell.framework}-{cell.version}": cell for cell in oldest}
    with ThreadPoolExecutor(AT_ONCE) as builders:
        begun: list[Future[Any]] = [builders.submit(install_sqs, MATRIX)]
        begun += [
            builders.submit(build_cell, MATRIX, cell, name, compiled=False)
            for name, cell in named.items()
        ]
        for each in begun:
            each.result()


@nox.session(python=PYTHON)
@ended_by_us()
def tests(session: nox.Session) -> None:
    """Run the tests; -- unit, integration or docs: only these; -- faults: strike at random."""
    sync(Path(session.virtualenv.location), LOCKS / "dev.txt")
    if session.posargs[:1] == ["faults"]:
        [raw] = MATRIX.newest(["raw"], str(session.python))
        build_cell(MATRIX, raw, f"tests-{raw.framework}")
        session.run("python", "-m", "tests.faults", *session.posargs[1:], env=TESTING)
        return
    tiers = list(takewhile(TIERS.__contains__, session.posargs))
    integration = not tiers or "integration" in tiers
    if integration:
        build_for_tests(str(session.python))
    # Four: an integration test waits for twice as long as it works. The others only work, and more
    # than two would fight for the cores of a small machine. Stealing: tests take 1 ms to 60 s.
    words = [*(f"tests/{tier}" for tier in tiers), *session.posargs[len(tiers) :]]
    beside = (f"--numprocesses={4 if integration else 2}", "--dist=worksteal")
    with tempfile.TemporaryDirectory() as cache:
        pytest = ("pytest", f"--override-ini=cache_dir={cache}")
        try:
            session.run(*pytest, *beside, *words, env=TESTING)
        except nox.command.CommandFailed:
            disturbed = failures_worth_repeating(Path(cache))
            if not disturbed:
                raise
            session.warn(f"failed beside others, once more alone: {', '.join(disturbed)}")
            session.run(*pytest, "--last-failed", *words, env=TESTING)
            session.warn(f"passed alone after a failure beside others: {', '.join(disturbed)}")


@nox.session(python=PYTHON)
@ended_by_us()
def build(session: nox.Session) -> None:
    """Make the package by hatch, install it into an empty environment, and have it look round."""
    sync(Path(session.virtualenv.location), LOCKS / "build.txt")
    own = {"VIRTUAL_ENV": None, "UV_PYTHON": None}  # hatch would install into this environment
    hatch = own | {"HATCH_DATA_DIR": f"{session.virtualenv.location}/hatch"}
    session.run("hatch", "version", env=hatch)
    session.run("hatch", "build", "--clean", "dist", env=hatch)
    [wheel] = Path("dist").resolve().glob("*.whl")
    with tempfile.TemporaryDirectory() as empty:
        environment = {"XDG_CACHE_HOME": f"{empty}/cache"}  # what the command builds
        uv("venv", "-q", "--python", FOUND[PYTHON], f"{empty}/e")
        uv("pip", "install", "-q", "--python", f"{empty}/e", str(wheel))
        program = f"{empty}/e/bin/taskqueue-bench"
        with session.chdir(empty):
            session.run(program, "--version", env=environment, external=True)
            session.run(program, "doctor", env=environment, external=True)


@nox.session(venv_backend="none")
@ended_by_us()
def lock(session: nox.Session) -> None:
    """Remake the lock files, all or those named: nox -s lock -- celery harness."""
    every = lock_requirements(MATRIX, PYPROJECT)
    wanted = chosen_locks(session.posargs, every, list(MATRIX.frameworks))
    for name, requirements in wanted.items():
        session.log(f"locks/{name}.txt")
        compile_lock(name, requirements, MATRIX.pythons[0])
    if "sqs" in wanted:
        session.log("infrastructure/fauxqs/package-lock.json")
        lock_sqs(MATRIX)


refuse_wrong_arguments()
