"""Claims are those of the loads that were asked for."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.experiment.comparison import prepare as preparing
from harness.experiment.comparison.prepare import ComparisonRequest, claims_of
from harness.scenario.catalogue import load_scenario
from infrastructure.errors import UsageError
from tests.unit.experiment.comparison.made import Maker, Played

SCENARIOS = {name: load_scenario(name) for name in ("throughput", "latency")}


def asked(*only: str) -> ComparisonRequest:
    nothing: Any = None
    return ComparisonRequest("compare", [], nothing, nothing, Path("results.duckdb"), 1, only=only)


def test_claims_are_of_the_loads_asked_for() -> None:
    assert claims_of(asked(), SCENARIOS) == 3 + 3 * 3
    assert claims_of(asked("throughput", "latency at load 0.5"), SCENARIOS) == 6


@pytest.mark.parametrize(
    ("claims", "blocks", "planned"), [(36, None, 15), (1000, None, 16), (1000, 6, 6)]
)
def test_more_blocks_are_planned_where_the_claims_take_more(
    monkeypatch: pytest.MonkeyPatch, claims: int, blocks: int | None, planned: int
) -> None:
    for name, found in (
        ("check_arms", []),
        ("setups_of", []),
        ("claims_of", claims),
        ("new_experiment", SimpleNamespace()),
    ):
        monkeypatch.setattr(preparing, name, lambda *_, found=found, **__: found)
    arm: Any = SimpleNamespace(label=lambda _: "celery")
    request = replace(asked(), arms=[arm, arm], same=True, blocks=blocks)
    assert preparing.prepare(request).blocks == planned


def test_a_load_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match=r"'latency at load 0.4' .*latency at load 0.5"):
        claims_of(asked("latency at load 0.4"), SCENARIOS)


def test_a_margin_that_was_asked_for_is_every_metrics(make: Maker) -> None:
    comparison = make(lambda *_: Played(1.0))
    (key,) = comparison.metrics()
    assert comparison.primary(key).margin == 0.05
    comparison.margin = 0.01
    assert comparison.primary(key).margin == 0.01


def test_a_capacity_is_measured_only_where_a_load_asks_for_it(make: Maker) -> None:
    comparison = make.comparison(list(SCENARIOS.values()), 15, 2)
    comparison.capacity = None
    assert comparison.needs_capacity()
    comparison.only = ["throughput"]
    assert not comparison.needs_capacity()
