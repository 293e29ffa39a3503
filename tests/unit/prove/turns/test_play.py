"""A comparison of four arms is judged pair by pair, and an arm is what its word says."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.experiment.comparison.comparison import Comparison, Key, Pace
from harness.prove.turns import play
from harness.prove.turns.plan import (
    EQUAL,
    LATENCY_TWENTY,
    PLANTED,
    TWO,
    TWO_ALONE,
    Kind,
    Piece,
)
from harness.prove.turns.play import MARGIN, Player
from harness.prove.turns.table import CPU, is_found, is_wrong
from harness.scenario.catalogue import load_scenario
from tests.unit.experiment.comparison.made import STUB, Maker, store_blocks


@pytest.fixture
def make(database: Path, monkeypatch: pytest.MonkeyPatch) -> Maker:
    return Maker(database, monkeypatch)


def row_of(make: Maker, patch: pytest.MonkeyPatch, kind: Kind, arms: int) -> dict[str, Any]:
    """Blocks that scatter by 0.5 %; the second half of the arms costs 2 % more."""
    comparison = make.comparison([load_scenario("throughput")], kind.blocks, arms)
    comparison.margin, noise = MARGIN, np.random.default_rng(4)

    def value(arm: int, block: int, key: Key) -> float:
        dearer = 1.02 if key.metric == CPU and arm > arms // 2 else 1.0
        return 100 * block * dearer * float(noise.normal(1, 0.005))

    def run(each: Comparison) -> None:
        store_blocks(each, range(1, kind.blocks + 1), value)

    patch.setattr(play, "run", run)
    session: Any = None
    return Player(session, {}).compared(comparison, kind)


def test_each_pair_is_judged_as_its_own_comparison_would_be(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = row_of(make, monkeypatch, TWO, 4)["verdicts"]
    assert set(verdicts) == {f"{a}-{b}" for a, b in (*EQUAL, *PLANTED)}
    assert all(is_found(verdicts[f"{a}-{b}"]) for a, b in PLANTED)
    assert not any(is_wrong(verdicts[f"{a}-{b}"]) for a, b in EQUAL)
    assert all(len(each) == 3 for each in verdicts.values())
    found = verdicts["1-3"][CPU]
    assert found["low"] < 1.02 < found["high"]
    assert found["sd"] == pytest.approx(0.007, rel=0.5)
    assert "3 claims" not in found["sentence"]  # it is sure among them


def test_two_arms_alone_are_one_pair(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = row_of(make, monkeypatch, TWO_ALONE, 2)["verdicts"]
    assert set(verdicts) == {"1-2"}
    assert is_found(verdicts["1-2"])


@pytest.mark.parametrize(
    ("kind", "load", "known"),
    [
        (TWO, ("throughput", ""), True),
        (TWO_ALONE, ("throughput", ""), False),  # finding out is part of a verdict's time
        (LATENCY_TWENTY, ("latency", "load 0.5"), True),
    ],
)
def test_one_load_is_measured_by_arms_that_know_their_turns(
    make: Maker, monkeypatch: pytest.MonkeyPatch, kind: Kind, load: tuple[str, str], *, known: bool
) -> None:
    def prepared(arms: Any, _size: Any, blocks: int, *_: Any) -> Comparison:
        return make.comparison([load_scenario(kind.scenario)], blocks, len(arms))

    def find_paces(comparison: Comparison, _: Any) -> None:
        comparison.paces[load] = Pace(0.25, 0.02, [1.0])

    monkeypatch.setattr(play, "find_paces", find_paces)
    monkeypatch.setattr(Player, "arm", lambda _, text: text)
    player = Player(SimpleNamespace(prepared=prepared, seed=7), {})  # type: ignore[arg-type]
    comparison = player.prepared(kind, Piece(kind.name, kind.groups[0], 1))
    assert comparison.loads() == [load]
    assert (load in comparison.paces) is known
    assert comparison.turns
    assert not comparison.needs_capacity()
    assert len(comparison.names) == len(kind.groups[0])
    if kind is LATENCY_TWENTY:
        assert comparison.point(load).rate == 200


def test_a_word_is_its_cell_with_a_variant_or_with_something_planted(
    tmp_path: Path, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two percent of 500 us, by rounds of 20 ns each."""
    arm = make.comparison([load_scenario("throughput")], 7, 2).setups[0].arm
    celery = replace(arm, framework="celery", version="5.7.0", broker=STUB)
    planted = list[tuple[str, int, Path]]()
    monkeypatch.setattr(play, "planted_cell", lambda *words: planted.append(words))
    monkeypatch.setattr(play, "round_s", lambda _: 20e-9)
    session: Any = SimpleNamespace(scratch=tmp_path / "results.duckdb")
    player = Player(session, {("celery", ""): celery}, task_us=500.0)
    assert player.arm("celery") is celery
    assert player.arm("celery@threads").options == {"variant": "threads"}
    assert player.arm("celery+2").executable == str(tmp_path / "planted-02/celery/bin/python")
    assert player.arm("celery+0").executable == str(tmp_path / "planted-00/celery/bin/python")
    assert planted == [
        (celery.executable, 500, tmp_path / "planted-02"),
        (celery.executable, 0, tmp_path / "planted-00"),
    ]
    with pytest.raises(KeyError):
        player.arm("asynctasq==1.4.1")
