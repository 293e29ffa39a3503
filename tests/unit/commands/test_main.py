"""What ``python -m harness COMMAND`` ends with."""

import errno
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import __main__ as main_module
from harness.commands import COMMANDS
from infrastructure.errors import BenchError, DatabaseBusy, StoreError, TrialFailed, UsageError


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def ended(monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException, *words: str) -> int:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(COMMANDS[name], "main", fail)
    monkeypatch.setattr(sys, "argv", ["harness", name, *words])
    return main_module.main()


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (BenchError("x"), 4),
        (StoreError("x"), 4),
        (DatabaseBusy("x"), 4),
        (TrialFailed("x"), 4),
        (FileNotFoundError(errno.ENOENT, "no such file", "git"), 4),
        (PermissionError(errno.EACCES, "forbidden", "x"), 4),
        (UnicodeEncodeError("latin-1", "→", 0, 1, "not in range"), 4),
        (MemoryError(), 4),
        (KeyError("x"), 4),
        (KeyboardInterrupt(), 130),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_no_error_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException, code: int
) -> None:
    assert ended(monkeypatch, name, error) == code


def test_a_full_disk_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/data/x.parquet")
    assert ended(monkeypatch, "bench", full) == 4
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "--db" in said


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_that_is_ignored_stays_ignored(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    signal.signal(number, signal.SIG_IGN)  # as nohup has it
    ended(monkeypatch, "bench", UsageError("x"))
    assert signal.getsignal(number) is signal.SIG_IGN


@pytest.mark.parametrize("waits", [False, True])
def test_what_is_said_to_be_stored_is_stored(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    *,
    waits: bool,
) -> None:
    database = tmp_path / "r.duckdb"
    if waits:
        (tmp_path / "r.duckdb.spool" / "t").mkdir(parents=True)
        (tmp_path / "r.duckdb.spool" / "t" / "trial.json").write_text("{}")
    for error in (KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")):
        ended(monkeypatch, "bench", error, f"--db={database}")
        said = capsys.readouterr().err
        assert ("the next start stores" in said) == waits
        assert ("(1 trial)" in said) == waits
    ended(monkeypatch, "report", KeyboardInterrupt(), f"--db={database}")
    assert "stored" not in capsys.readouterr().err
