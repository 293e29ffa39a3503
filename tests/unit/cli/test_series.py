"""What nox does for a series: which packages a release gets, and what the harness is told."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.cli import replaced
from harness.cli import series as module
from harness.cli.exits import Exit
from harness.cli.matrix import Cell, Matrix
from harness.cli.releases import Release
from harness.cli.series import Built, built_release, in_a_line, series
from harness.cli.start import Typed, cell_python
from harness.commands import COMMANDS
from infrastructure.errors import BenchError, UsageError

EVERY = [
    Release("5.3.6", "2023-11-22"),
    Release("5.6.3", "2026-03-26"),
    Release("5.7.0", "2026-11-05"),
]
Cells = Callable[[Cell], str]  # why one does not drain, empty where it does


@dataclass
class Nox:
    """Stands for what builds and measures."""

    install: Callable[[Cell], bool] = lambda _: True
    drain: Cells = lambda _: ""
    built: list[Cell] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def cell_python(self, _matrix: Matrix, cell: Cell) -> Path:
        self.built.append(cell)
        if not self.install(cell):
            raise BenchError("uv pip compile failed:\n  × No solution found:\n  ╰─▶ no wheel\n")
        return Path(f"/{cell.version}-{cell.as_of}/bin/python")

    def ask(self, _matrix: Matrix, *words: str) -> str:
        assert words[:2] == ("tries", "--cell")
        why = self.drain(self.built[-1])
        return f"a busy machine\n{json.dumps({'rate': 0.0 if why else 1234.5, 'why': why})}\n"

    def run(self, _matrix: Matrix, *words: str) -> int:
        self.told = list(words)
        return Exit.FINE


@pytest.fixture
def nox(monkeypatch: pytest.MonkeyPatch) -> Nox:
    found = Nox()
    monkeypatch.setattr(module, "cell_python", found.cell_python)
    monkeypatch.setattr(module, "ask_harness", found.ask)
    monkeypatch.setattr(module, "run_harness", found.run)
    monkeypatch.setattr(module, "released", lambda _: EVERY)
    return found


def typed(matrix: Matrix, *words: str) -> Typed:
    return Typed(COMMANDS["series"], ["celery", *words], matrix)


def test_a_pinned_release_has_its_lock_another_the_packages_of_today(
    matrix: Matrix, nox: Nox
) -> None:
    asked = typed(matrix)
    assert built_release(asked, EVERY[1]) == Built(EVERY[1], "", "/5.6.3-/bin/python", 1234.5)
    assert built_release(asked, EVERY[0]).as_of == ""
    assert [matrix.pinned(cell) for cell in nox.built] == [True, False]


@pytest.mark.parametrize("broken", ["install", "drain"])
def test_where_it_does_not_run_it_gets_the_packages_of_its_day(
    broken: str, matrix: Matrix, nox: Nox
) -> None:
    if broken == "install":
        nox.install = lambda cell: bool(cell.as_of)
    else:
        nox.drain = lambda cell: "" if cell.as_of else "does not drain: failed"
    found = built_release(typed(matrix), EVERY[0])
    assert (found.as_of, found.why) == ("2023-11-22", "")
    assert [cell.as_of for cell in nox.built] == ["", "2023-11-22"]


def test_what_never_runs_is_left_out_with_the_reason(matrix: Matrix, nox: Nox) -> None:
    nox.install = lambda cell: not cell.as_of
    nox.drain = lambda _: "does not start: no module"
    found = built_release(typed(matrix), EVERY[0])
    assert found.why == (
        "does not start: no module; with the packages of its day: does not install on Python "
        "3.12: No solution found: no wheel"
    )
    words = list(found.words("celery", "3.12"))
    assert words == ["--release", "5.3.6", "2023-11-22", "", "0", found.why]
    assert "pinned" not in nox.told


def test_the_harness_is_told_of_every_release(matrix: Matrix, nox: Nox) -> None:
    nox.drain = lambda cell: "does not drain: lost 3" if cell.version == "5.3.6" else ""
    assert series(typed(matrix, "--since", "2023-01-01", "--seed", "7")) == Exit.FINE
    parsed = COMMANDS["series"].parse(nox.told[1:], matrix)
    assert nox.told[0] == "series"
    assert [words[0] for words in parsed.release] == ["5.3.6", "5.6.3", "5.7.0"]
    assert [words[1] for words in parsed.cell] == ["5.6.3", "5.7.0"]
    assert parsed.release[0][4].startswith("does not drain: lost 3")
    assert parsed.release[2] == ["5.7.0", "2026-11-05", "", "1234.5", ""]
    assert parsed.seed == 7


def test_a_fixed_one_that_does_not_run_ends_it(matrix: Matrix, nox: Nox) -> None:
    nox.drain = lambda _: "does not drain: failed"
    with pytest.raises(UsageError, match=r"--against 5\.6\.3: does not drain.*name another"):
        series(typed(matrix, "--since", "2026-01-01", "--against", "5.6.3"))


def test_a_dry_run_builds_nothing(
    matrix: Matrix, nox: Nox, capsys: pytest.CaptureFixture[str]
) -> None:
    assert series(typed(matrix, "--since", "2023-01-01", "--dry-run")) == Exit.FINE
    said = capsys.readouterr().out
    assert "2023-11-22  celery 5.3.6  to be locked" in said
    assert "2026-11-05  celery 5.7.0  pinned" in said
    assert "3 releases, about 6 min" in said
    assert (nox.built, nox.told) == ([], [])


def test_what_uv_says_in_a_line() -> None:
    said = "uv pip compile x failed:\n  × No solution found when resolving dependencies:\n"
    said += "  ╰─▶ Because the current Python version (3.12)\n      does not satisfy"
    assert in_a_line(said).startswith("No solution found when resolving dependencies: Because")
    assert in_a_line("alone") == "alone"


@pytest.mark.parametrize("as_of", ["", "2023-11-22"])
def test_a_release_that_is_not_pinned_is_locked_beside_the_newest_or_as_of_its_day(
    as_of: str, matrix: Matrix, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Packages stay at the newest pin's versions; of a day nothing newer is taken."""
    seen: dict[str, object] = {}

    def resolve(path: Path, wanted: list[str], python: str, *how: str) -> None:
        seen.update(base=path.read_text(), wanted=wanted, python=python, how=how)

    def built(name: str, _python: str) -> Path:
        (tmp_path / name).mkdir(parents=True)
        return tmp_path / name

    monkeypatch.setattr(replaced, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(replaced, "interpreter_of", lambda *_: "python3.12")
    monkeypatch.setattr(replaced, "built", built)
    monkeypatch.setattr(replaced, "resolve", resolve)
    monkeypatch.setattr(replaced, "sync_cell", lambda *_: None)
    cell_python(matrix, Cell("celery", "5.3.6", "3.12", as_of=as_of))
    pinned = next(matrix.frameworks["celery"].pins()).lock.read_text()
    assert seen["base"] == ("" if as_of else pinned)
    assert seen["how"] == (("--exclude-newer", "2023-11-22T23:59:59Z") if as_of else ())
    assert f"{matrix.frameworks['celery'].requirement}==5.3.6" in list(seen["wanted"])  # type: ignore[call-overload]
    [environment] = (tmp_path / "arms").glob("*/")
    assert (environment / "lock.txt").exists()
