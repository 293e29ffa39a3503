"""A series of the stub's versions: facts are asserted, never speeds."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli.matrix import LOCKS
from harness.experiment.cleanup import guarded
from harness.experiment.comparison.comparison import Pair
from harness.experiment.redo import Redo
from harness.experiment.series.carry_out import look_for_steps
from harness.experiment.series.prepare import Series
from harness.experiment.series.resume import take_over
from harness.experiment.series.run import name_left_out, run
from harness.report.terminal.history import read
from harness.scenario.catalogue import load_scenario
from harness.trial.cell import Arm
from harness.trial.plan import Setup
from tests.conftest import TINY, Query

SERVICE_US = {"1.1": 200, "1.2": 1000}  # the last is the fixed one


def test_a_step_between_two_versions_of_the_stub_is_found(
    make_arm: Callable[..., Arm],
    make_setup: Callable[[Arm], Setup],
    database: Path,
    query: Query,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Service is in virtual time: the step hangs on nothing that the machine does. A third version
    does not install.
    """
    monkeypatch.setattr(Arm, "lock", LOCKS / "stub-1.0.txt")  # of versions that are made up
    monkeypatch.setattr("harness.experiment.series.run.find_paces", lambda *_: None)
    scenario = load_scenario("throughput")
    setups: list[Setup] = []
    for number, version in enumerate(["1.2", *SERVICE_US, "1.3"], 1):
        service_us = SERVICE_US.get(version, 1)
        arm = make_arm(clock="virtual", service_us=service_us, processes=1)
        setup = make_setup(arm)
        setup.arm, setup.number = replace(arm, version=version), number
        setup.experiment = setups[0].experiment if setups else setup.experiment
        setups.append(setup)
    *measured, missing = setups
    missing.arm = replace(missing.arm, executable="")
    missing.descriptions = {
        key: replace(described, gap="does not install on Python 3.12: no wheel")
        for key, described in missing.descriptions.items()
    }
    setups[0].experiment.command = "series"
    series = Series(
        measured,
        ["stub 1.2 (fixed)", *(f"stub {version}" for version in SERVICE_US)],
        [Pair(1, number) for number in (2, 3)],
        {"throughput": scenario},
        replace(TINY, tasks=300, warmup_s=0.1),
        2,
        None,
        setups[0].experiment,
        database,
        redo=Redo(0),
        tried=[1000.0] * 3,
        left_out=[missing],
    )
    with guarded(database):
        name_left_out(series)
        assert run(series, [])
    assert Pair(2, 3) in look_for_steps(series)
    [(before, after)] = query(
        "SELECT DISTINCT before, after FROM change_point WHERE metric = 'drain_rate'"
    )
    assert (before, after) == ("stub 1.1", "stub 1.2")
    of_drains = next(each for each in read(database, series.id) if each.of.metric == "drain_rate")
    quick, fixed = (release.level for release in of_drains.releases)
    assert (quick.blocks, fixed.blocks) == (2, 2)
    assert quick.ratio > 2 * fixed.ratio
    assert query("SELECT framework_version, reason FROM trial WHERE status <> 'ok'") == [
        ("1.3", "does not install on Python 3.12: no wheel")
    ]
    assert take_over(series, series.id) == [1, 2, 3, 4]
