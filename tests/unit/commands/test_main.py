"""What a command ends with."""

import errno
import sys

import pytest

from harness import __main__ as main_module
from harness.commands import COMMANDS


def test_a_full_disk_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", "/data/x.parquet")

    monkeypatch.setattr(COMMANDS["bench"], "main", full)
    monkeypatch.setattr(sys, "argv", ["harness", "bench"])
    assert main_module.main() == 1
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "--db" in said
