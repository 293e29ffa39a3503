"""The two walk-throughs of CONTRIBUTING.md fit the code: their adapter and their scenario work."""

import importlib.metadata
import json
import re
import sys
from dataclasses import asdict
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.cli.matrix import Matrix
from harness.cli.words import PROFILES
from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from harness.report.adapters import Source
from harness.scenario.gate import Gate
from harness.scenario.point import QUICK
from harness.scenario.producers import Producers
from harness.scenario.run import Run
from harness.scenario.scenario import Scenario
from infrastructure.redis.depth import LENGTH, MANY
from infrastructure.root import ROOT
from tasks.adapter import Launch
from tasks.contract import complaints
from tasks.records import wire_seq
from tasks.spec import SPEC_VARIABLE, Spec
from tests.unit.scenario.made import ONE

PAGE = (ROOT / "CONTRIBUTING.md").read_text()
ADAPTER, SCENARIO = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def run_block(code: str) -> dict[str, Any]:
    """The names that a block of the page defines."""
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(code, "CONTRIBUTING.md", "exec"), names)
    return names


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spec:
    found = Spec(
        "dramatiq", "redis", "redis://127.0.0.1:1/0", "matched", "throughput", str(tmp_path)
    )
    found.write(tmp_path / "spec.json")
    monkeypatch.setenv(SPEC_VARIABLE, str(tmp_path / "spec.json"))
    return found


@pytest.fixture
def adapter(spec: Spec, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The adapter of the page on a Dramatiq that does nothing; it reads the spec when imported."""
    assert spec.framework == "dramatiq"
    dramatiq, brokers = ModuleType("dramatiq"), ModuleType("dramatiq.brokers.redis")
    dramatiq.__dict__.update(
        Middleware=object,
        set_broker=lambda _broker: None,
        actor=lambda **_: lambda function: function,
    )
    brokers.__dict__["RedisBroker"] = lambda **_: SimpleNamespace(add_middleware=lambda _m: None)
    monkeypatch.setitem(sys.modules, "dramatiq", dramatiq)
    monkeypatch.setitem(sys.modules, "dramatiq.brokers.redis", brokers)
    monkeypatch.setattr(importlib.metadata, "version", lambda _name: "2.2.1")
    return run_block(ADAPTER)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_adapter_launches_in_every_profile(
    adapter: dict[str, Any], spec: Spec, profile: str
) -> None:
    launch = adapter["launch"](Spec(**{**asdict(spec), "profile": profile}))
    assert isinstance(launch, Launch)
    json.dumps(asdict(launch))
    assert launch.topology.slots > 0
    for names in launch.depth.values():
        assert all(name.partition(":")[0] in LENGTH | MANY for name in names)


def test_the_adapter_keeps_the_protocol() -> None:
    assert list(complaints(Source({"__init__": ADAPTER}))) == []


def test_the_adapter_reads_back_all_that_is_asked(adapter: dict[str, Any], spec: Spec) -> None:
    adapter["live"].append(SimpleNamespace(worker_threads=1, queue_prefetch=1))
    assert adapter["read_back"]() == adapter["launch"](spec).asked


def test_the_adapters_task_leaves_a_record(adapter: dict[str, Any], tmp_path: Path) -> None:
    adapter["live"].append(SimpleNamespace(worker_threads=1, queue_prefetch=1))
    adapter["execute"](wire_seq("load", 7), "noop", 0)
    assert Records.read(tmp_path).runs["seq"].tolist() == [7]


def test_the_pin_block_is_one() -> None:
    import tomllib

    block, _claim = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    tool = tomllib.loads(block)["tool"]
    tool["bench"] |= {"pythons": ["3.12"], "quickstart": [], "in_cell": [], "beside_cell": []}
    assert [c.id for c in Matrix.from_pyproject({"tool": tool}).pins()] == ["dramatiq"]


PARTS: dict[str, type] = {"gate": Gate, "producers": Producers}


class Recorder:
    """Stands for a run, or a part of one: remembers which verbs the scenario used."""

    def __init__(self, of: type = Run, verbs: list[str] | None = None, prefix: str = "") -> None:
        self._of = of
        self._prefix = prefix
        self.verbs: list[str] = [] if verbs is None else verbs

    def __getattr__(self, name: str) -> Any:
        if self._of is Run and name == "topology":
            return ONE
        if self._of is Run and name in PARTS:
            return Recorder(PARTS[name], self.verbs, f"{name}.")
        assert hasattr(self._of, name), f"{self._of.__name__} has no {name}"
        return lambda *_, **__: self.verbs.append(self._prefix + name)


def test_the_scenario_drives_and_measures() -> None:
    scenario: Scenario = run_block(SCENARIO)["SCENARIO"]
    wanted = {n for n in Scenario.__annotations__ if not n.startswith("_")}
    assert {name for name in wanted if not hasattr(scenario, name)} == set()
    run: Any = Recorder()
    point = scenario.points(QUICK)[0]
    assert scenario.expected_s(point) > 0
    scenario.drive(run, point, np.random.default_rng(1))
    order = [
        "gate.close",
        "producers.send",
        "open_window",
        "gate.open",
        "drain",
        "close_window",
        "settle",
    ]
    assert run.verbs[-len(order) :] == order
    sends, runs = np.zeros(20, SEND_TYPE), np.zeros(20, RUN_TYPE)
    sends["seq"] = runs["seq"] = np.arange(20)
    runs["end"] = np.arange(20) * 1_000_000
    measures = scenario.measure(run, point, Records(sends, runs))
    assert measures.void == []
    assert set(scenario.primary_names) <= {m.name for m in measures.metrics}
