"""Standing brokers: what is said while one waits."""

import threading

import pytest

from harness.machine.standing import actions


def test_waiting_is_shown_once_it_takes_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with actions.waiting("starting mysql"):
        pass
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(actions, "PATIENCE_S", 0.01)
    with actions.waiting("starting mysql"):
        for timer in threading.enumerate():
            if isinstance(timer, threading.Timer):
                timer.join(10)
    assert capsys.readouterr().err == "starting mysql …\n"
