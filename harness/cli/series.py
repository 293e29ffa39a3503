"""What nox does for a series: find the releases, build each one's cell and see whether it works.

A release that is pinned has its lock. Another gets the packages of the newest pin where it runs
with them, and else those of its own day: then nothing newer than the release is in its cell.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness.cli.exits import Exit
from harness.cli.host import ask_harness, run_harness
from harness.cli.matrix import Cell
from harness.cli.releases import Release, released, since
from harness.cli.start import Typed, cell_python
from harness.cli.words import TRIES
from infrastructure.errors import BenchError, UsageError

BLOCKS = 4  # of a release
BLOCK_S, TRY_S = 25.0, 15.0  # roughly: of two arms in turns; to build a cell and drain a little
CONFIRMED_S = 240.0  # of a step, roughly: ten blocks
USUAL_SINCE = timedelta(days=730)


@dataclass(frozen=True)
class Built:
    """A release with its cell's interpreter and rate (tasks/s), or why it has none. ``as_of``: the
    day whose packages it holds, empty where they are those of a pinned lock.
    """

    release: Release
    as_of: str = ""
    python: str = ""
    rate: float = 0.0
    why: str = ""

    def words(self, framework: str, python: str) -> Iterator[str]:
        """What the harness is told."""
        release = self.release
        if not self.why:
            yield from ("--cell", framework, release.version, python, self.python)
        yield from ("--release", *release, self.as_of, f"{self.rate:g}", self.why)


def series(typed: Typed) -> int:
    """Carry it out; the exit code."""
    if typed.options.resume:
        return run_harness(typed.matrix, typed.command.name, *typed.prepare(), *typed.words)
    found = asked_for(typed)
    if typed.options.dry_run:
        show_plan(typed, found)
        return Exit.FINE
    words = typed.prepare()
    python, framework = typed.options.python, typed.options.framework
    for number, release in enumerate(found, 1):
        say(f"{number}/{len(found)} {framework} {release.version} ({release.day})")
        built = built_release(typed, release)
        say(f"  {built.why or where(built)}")
        refuse_fixed(typed, built)
        words += built.words(framework, python)
    return run_harness(typed.matrix, typed.command.name, *words, *typed.words)


def asked_for(typed: Typed) -> list[Release]:
    """The releases of the series, oldest first. Raises BenchError or UsageError."""
    options = typed.options
    framework = typed.matrix.frameworks[options.framework]
    day = options.since or (datetime.now(UTC) - USUAL_SINCE).date().isoformat()
    return since(released(framework.package), day, options.against or framework.versions[0])


def refuse_fixed(typed: Typed, built: Built) -> None:
    """Raises UsageError where the release that all are measured against does not run."""
    fixed = typed.options.against or typed.matrix.frameworks[typed.options.framework].versions[0]
    if built.why and built.release.version == fixed:
        raise UsageError(f"--against {fixed}: {built.why}; name another release")


def where(built: Built) -> str:
    """How a cell was built and what it did."""
    packages = f"packages of {built.as_of}, " if built.as_of else ""
    return f"{packages}about {built.rate:.0f} tasks/s"


def built_release(typed: Typed, release: Release) -> Built:
    """Its cell, with the packages of its own day where it does not run with those of a lock."""
    python, framework = typed.options.python, typed.options.framework
    whys = []
    cell = Cell(framework, release.version, python)
    days = [""] if typed.matrix.pinned(cell) else ["", release.day]
    for as_of in days:
        cell = Cell(framework, release.version, python, as_of=as_of)
        try:
            executable = cell_python(typed.matrix, cell)
        except BenchError as error:
            whys.append(f"does not install on Python {python}: {in_a_line(str(error))}")
            continue
        rate, why = tried(typed, cell, executable)
        if not why:
            return Built(release, as_of, str(executable), rate)
        whys.append(why)
    return Built(release, why="; with the packages of its day: ".join(dict.fromkeys(whys)))


def tried(typed: Typed, cell: Cell, executable: Path) -> tuple[float, str]:
    """Tasks/s of a small backlog that the cell drains; or why it does not."""
    words = ("--cell", cell.framework, cell.version, cell.python, str(executable))
    *_, said = ask_harness(typed.matrix, TRIES, *words, *typed.words).splitlines()
    found = json.loads(said)
    return found["rate"], found["why"]


def in_a_line(said: str, most: int = 300) -> str:
    """What uv says, without the command and its drawing."""
    lines = [line.strip(" ×╰│├─▶") for line in said.splitlines()[1:]]
    return " ".join(" ".join(lines).split())[:most] or said[:most]


def show_plan(typed: Typed, found: list[Release]) -> None:
    """Before anything is built: the releases, and roughly how long it takes."""
    options = typed.options
    pinned = typed.matrix.frameworks[options.framework].versions
    for release in found:
        lock = "pinned" if release.version in pinned else "to be locked"
        say(f"  {release.day}  {options.framework} {release.version}  {lock}")
    blocks = options.blocks or BLOCKS
    measured_s = len(found) * blocks * BLOCK_S
    say(
        f"{len(found)} releases, about {(len(found) * TRY_S + measured_s) / 60:.0f} min: "
        f"{len(found) * TRY_S / 60:.0f} to build and try them, {measured_s / 60:.0f} for {blocks} "
        f"blocks each; then about {CONFIRMED_S / 60:.0f} min for each step that is looked at again"
    )


def say(text: str) -> None:
    print(text, file=sys.stdout, flush=True)
