"""Who is of a trial and has no role in it. This process stands for one: it has a home."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.trial.outside import end_outside, outside, was_given
from infrastructure.processes.folder import SESSIONS


def folder(path: Path) -> Any:
    return SimpleNamespace(path=path)


def test_a_cell_s_process_is_known_by_the_spec_that_it_was_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("harness.trial.outside.SPEC_VARIABLE", "PATH")
    place, begun = os.getpid(), Path("/proc/self/environ").read_bytes().split(b"\0")
    first = next(each for each in begun if each.startswith(b"PATH=/"))
    given = Path(os.fsdecode(first[len(b"PATH=") :])).parent
    assert was_given(place, given)
    assert not was_given(place, given.with_name(given.name[:-1]))  # another trial's
    assert not was_given(2**22 + 1, given)  # more than a pid can be
    monkeypatch.undo()
    assert not was_given(place, given)


def test_what_is_in_no_session_is_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outside(folder(tmp_path)) == set()
    monkeypatch.setattr("harness.trial.outside.was_given", lambda pid, _: pid == os.getpid())
    assert outside(folder(tmp_path)) == {os.getpid()}
    (tmp_path / SESSIONS).write_text(f"{os.getsid(0)} 1 workers\n")
    assert outside(folder(tmp_path)) == set()


def test_what_is_outside_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[tuple[int, int]] = []

    def kill(pid: int, number: int) -> None:
        ended.append((pid, number))
        raise ProcessLookupError  # it has gone meanwhile

    monkeypatch.setattr("harness.trial.outside.outside", lambda _: [7, 8])
    monkeypatch.setattr(os, "kill", kill)
    end_outside(folder(tmp_path))
    assert ended == [(7, 9), (8, 9)]
