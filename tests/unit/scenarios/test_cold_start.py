"""Starts, on made-up records."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from scenarios.cold_start import SCENARIO as COLD_START
from scenarios.cold_start import first_ends, ready_ns
from tests.conftest import TINY


def test_a_task_done_twice_is_a_duplicate_and_no_other_start() -> None:
    sends, runs = np.zeros(2, SEND_TYPE), np.zeros(3, RUN_TYPE)
    sends["seq"], runs["seq"] = [0, 1], [0, 0, 1]
    runs["start"], runs["end"] = [10, 20, 30], [35, 25, 45]
    assert first_ends(runs).tolist() == [25, 45]
    facts = {f"{name}-{n}": 5.0 for name in ("exec", "ready", "held") for n in (0, 1)}
    run: Any = SimpleNamespace(facts={**facts, "imports": 1.0})
    found = COLD_START.measure(run, COLD_START.points(TINY)[0], Records(sends, runs))
    assert found.void == ["duplicated: 1 of 2 tasks"]


def test_workers_are_ready_when_the_last_of_them_says_so(tmp_path: Path) -> None:
    workers = [SimpleNamespace(pid=7), SimpleNamespace(pid=8)]

    def wait(done: Callable[[], bool], _seconds: float, _what: str) -> None:
        assert not done()
        (tmp_path / "ready-8").write_text("90")
        assert done()

    run: Any = SimpleNamespace(
        folder=SimpleNamespace(records=tmp_path),
        workers=SimpleNamespace(children=workers),
        processes=SimpleNamespace(wait=wait),
    )
    assert np.isnan(ready_ns(run))  # a framework that says nothing
    (tmp_path / "ready-7").write_text("40")
    assert ready_ns(run) == 90
