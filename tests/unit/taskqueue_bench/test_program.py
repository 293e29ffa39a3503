"""The installed command: what it offers, completes and refuses."""

from pathlib import Path

import pytest

from harness import __version__
from harness.cli.matrix import Matrix
from harness.cli.start import Typed
from harness.commands import COMMANDS
from infrastructure.errors import BenchError, UsageError
from taskqueue_bench import __main__ as entry
from taskqueue_bench.program import known, main


def test_it_offers_what_nox_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    said = capsys.readouterr().out
    for name in [*COMMANDS, "quickstart", "completion"]:
        assert name in said
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == __version__


@pytest.mark.parametrize(
    ("words", "among", "none"),
    [
        (["comp"], "compare", "regress"),
        (["bench-3.12(cel"], "bench-3.12(celery)", "bench-3.12(rq)"),
        (["compare", "cel"], "celery==5.4.0", "rq"),
        (["compare", "celery", "--scenario", "l"], "latency", "throughput"),
        (["doctor", "--"], "--db", "--scenario"),
        (["quickstart", "--"], "--margin", "--slo"),
        (["bench-3.12(celery)", "--s"], "--slo", "--broker"),
        ([], "compare", "--db"),
    ],
)
def test_a_shell_asks_for_the_next_word(
    capsys: pytest.CaptureFixture[str], words: list[str], among: str, none: str
) -> None:
    assert main(["--complete", *words]) == 0
    said = capsys.readouterr().out.splitlines()
    assert among in said
    assert none not in said


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_calls_the_command(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    assert main(["completion", shell]) == 0
    assert "taskqueue-bench --complete" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["completion", "tcsh"], "bash, zsh, fish"),
        (["compar"], "did you mean 'compare'"),
        (["report", "--format", "x"], "unknown argument '--format'"),
        (["compare", "--", "celery"], "two arms at least"),
        (["quickstart", "--slo", "9"], "unknown argument '--slo'"),
    ],
)
def test_wrong_words_end_with_2(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_every_cell_is_known(matrix: Matrix) -> None:
    assert set(matrix.sessions()) <= set(known(matrix))


@pytest.mark.parametrize(
    ("error", "code"),
    [(BenchError("x"), 4), (UsageError("x"), 2), (KeyError("x"), 4), (KeyboardInterrupt(), 130)],
)
def test_no_error_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr("taskqueue_bench.program.run", fail)
    assert entry.main() == code


@pytest.mark.parametrize(("code", "report"), [(0, True), (1, True), (3, False), (4, False)])
def test_the_quickstart_is_a_comparison_and_its_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, matrix: Matrix, code: int, *, report: bool
) -> None:
    database = str(tmp_path / "x.duckdb")
    ran: list[list[str]] = []

    def carried_out(comparison: Typed, _commands: object) -> int:
        ran.append([comparison.command.name, *comparison.words])
        return code

    def run_harness(_matrix: Matrix, *words: str) -> int:
        ran.append(list(words))
        return 0

    monkeypatch.setattr("harness.cli.first_look.carry_out", carried_out)
    monkeypatch.setattr("harness.cli.first_look.run_harness", run_harness)
    assert main(["quickstart", "--db", database]) == (0 if report else code)
    first, *others = ran
    assert first[:3] == ["compare", *matrix.quickstart]
    assert first[-2:] == ["--db", database]
    assert others == [["report", "--db", database]] * report
