"""Machines are alike in what a verdict's blocks have to share."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.cli.matrix import Matrix
from harness.experiment.cluster import card as of_a_machine
from harness.experiment.cluster.card import (
    ALIKE,
    doubts,
    fingerprint,
    kinds,
    look_round,
    server,
    unlike,
)
from harness.experiment.comparison.comparison import Comparison
from harness.machine.doctor.findings import missing, ok, warning
from harness.machine.fingerprint import PYTHON
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BenchError

CARD = {name: ["x"] for name in ALIKE} | {"calibration_cpu_ms": ["10"], "boot_id": ["1"]}


@pytest.mark.parametrize("name", ALIKE)
def test_each_field_tells_machines_apart(name: str) -> None:
    assert unlike(CARD | {name: ["y"]}, CARD) == [f"{name} y against x"]
    assert unlike(CARD, CARD | {"boot_id": ["2"]}) == []


def test_a_slower_kernel_throws_doubt_and_refuses_nobody() -> None:
    slower = CARD | {"calibration_cpu_ms": ["12"]}
    assert unlike(slower, CARD) == []
    assert doubts(slower, CARD) == ["calibration_cpu_ms: 10 against 12 (+20 %)"]
    assert doubts(CARD, CARD) == []


def test_the_largest_group_of_like_machines_comes_first() -> None:
    other = CARD | {"kernel": ["y"]}
    assert kinds({"a": other, "b": CARD, "c": CARD}) == [["b", "c"], ["a"]]
    assert kinds({"a": other, "b": CARD}) == [["a"], ["b"]]


def test_a_server_is_known_before_it_starts_where_its_program_is_here() -> None:
    assert server(BrokerChoice("stub", "embedded")) == "stub, embedded"
    assert server(BrokerChoice("redis", "url", "redis://h:1/0")) == "redis, url"


def test_a_card_has_all_that_is_compared(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.experiment.cluster.card.commit", lambda: "abc")
    build: Any = SimpleNamespace(build=dict.fromkeys(PYTHON, "x"))
    for setup in comparison.setups:
        setup.descriptions = {("throughput", "{}"): build}
    card = fingerprint(comparison)
    assert {*ALIKE} - {"broker_config_hash", "places"} <= {*card}  # which a trial tells
    assert float(card["calibration_cpu_ms"][0]) > 0
    assert card["python_version"] == ["x", "x"]


def test_a_machine_that_joins_is_looked_at_by_doctor(
    comparison: Comparison, matrix: Matrix, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is remarkable is told; where nothing can be measured, it takes no part."""
    found = [ok("cores", "2"), warning("governor", "powersave", "set it to performance")]
    monkeypatch.setattr(of_a_machine, "machine", lambda _: found)
    monkeypatch.setattr(of_a_machine, "noise", lambda _: [])
    monkeypatch.setattr(of_a_machine, "fingerprint", lambda _: {"cores": ["2"]})
    comparison.setups[0].machine = {"cores": "2", "cpu_model": "A"}
    card = look_round(comparison, tmp_path, matrix)
    assert card["remarks"] == ["governor: powersave"]
    assert card["kind"].startswith("A with 2 cores (")
    found.append(missing("memory", "none is left", ""))
    with pytest.raises(BenchError, match="doctor: memory: none is left"):
        look_round(comparison, tmp_path, matrix)
