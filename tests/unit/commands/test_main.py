"""What ``python -m harness COMMAND`` ends with."""

import errno
import signal
import sys
from collections.abc import Iterator

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


def ended(monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException) -> int:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(COMMANDS[name], "main", fail)
    monkeypatch.setattr(sys, "argv", ["harness", name])
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
