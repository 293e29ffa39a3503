"""Who is told of a process that is started."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from harness.trial import starter
from harness.trial.starter import Starter
from tests.unit.trial.conftest import MakeTrial


def test_each_worker_is_sampled_and_stands_still_with_its_arm_from_its_start_on(
    make_trial: MakeTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that is started in the place of one that crashed, whoever has the turn then."""
    pids = iter((11, 12, 13))
    monkeypatch.setattr(starter, "start", lambda *_, **__: SimpleNamespace(pid=next(pids)))
    trial, watched, taken_in = make_trial(), list[int](), list[int]()
    described = trial.setup.descriptions
    described |= {key: replace(d, workers=[["a"], ["b"]]) for key, d in described.items()}
    partner: Any = SimpleNamespace(take_in=taken_in.append)
    sampler: Any = SimpleNamespace(watch=lambda _role, pid: watched.append(pid))
    trial.partner = partner
    starting = Starter(trial, "redis://127.0.0.1:1", sampler, "")
    starting.start_workers({}, None)
    starting.start_workers({}, [1])
    assert watched == taken_in == [11, 12, 13]
