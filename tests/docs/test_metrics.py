"""docs/metrics.md defines every metric that the scenarios and the trial write, and no other."""

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.measure.depths import HeldRate
from harness.measure.metrics import QUANTILES, Metric
from harness.measure.records import Records
from harness.measure.turns import Turn
from harness.scenario.backlog import turn_metrics
from harness.scenario.catalogue import load_scenarios
from harness.scenario.depths import metrics_of
from harness.scenario.point import QUICK
from harness.scenario.run import Run
from infrastructure.root import ROOT
from scenarios.soak import DRIFTING
from tests.unit.scenarios.made import ROLES, finished_run

DRIVEN = ("throughput", "latency")  # measured here on records made for it; others by their source
SAMPLES = {
    "kind": "http",
    "name": "high",
    "drifting": "sojourn_p50",
    "unit": "ms",
    "role": "workers",
    "where": "deep",
}  # of what stands in their f-strings
FRAMEWORKS = ("asynctasq", "celery")  # those that selfbench measures with
PATTERNS = {
    "{framework}": f"(?:{'|'.join(FRAMEWORKS)})",
    "{role}": f"(?:{'|'.join(ROLES)})",
    "{quantile}": f"(?:{'|'.join([*QUANTILES, 'mean', 'max'])})",
    "{command}": ".+",
    "{kind}": "(?:http|parse|digest)",
    "{queue}": "(?:high|default|low)",
    "{end}": "(?:|_low|_high)",
    "{where}": "(?:deep|shallow)",
}
ROW = re.compile(r"\| `([\w{}]+)` \| (\S+) \| [^|]+ \| .+ \|$")
ADDED_BY_SELFBENCH = re.compile(r'session\.add\(\s*f?"([^"]+)",.*?"([^"]+)"\s*\)', re.DOTALL)
ADDED_BY_THE_TRIAL = re.compile(r'trial\.add\(\s*"(\w+)",.+?"(\w+)"\)')


def documented() -> list[tuple[re.Pattern[str], str]]:
    """(name as a pattern, unit) of every row."""
    rows = map(ROW.match, (ROOT / "docs" / "metrics.md").read_text().splitlines())
    found = []
    for name, unit in (row.groups() for row in rows if row):
        pattern = name
        for placeholder, expression in PATTERNS.items():
            pattern = pattern.replace(placeholder, expression)
        found.append((re.compile(pattern), unit))
    return found


def in_turns(folder: Path) -> tuple[Run, Records]:
    """The same run, of an arm that took turns with another."""
    run, own = finished_run(folder), [Turn(0, 250_000_000, dict.fromkeys(ROLES, 1.0))]
    run.turns = {"load": own, "enqueue": own}
    return run, Records.read(folder)


def at_held_depths() -> list[Metric]:
    """Of a drain whose rate depends on the depth."""
    rate = HeldRate(100, 1.0, [1.0], 100.0)
    return metrics_of(rate, rate, 1.5, depends=True)


def of_scenario(name: str, folder: Path, **options: Any) -> list[Metric]:
    scenario: Any = load_scenarios()[name]
    asked = {"slo_ms": 200} | options
    point = replace(scenario.points(QUICK)[0].offered(1000.0), options=asked)
    measures = scenario.measure(finished_run(folder), point, Records.read(folder))
    assert measures.void == []
    return list(measures.metrics)


def of_source(name: str) -> list[tuple[str, str]]:
    """(name, unit) of every ``Metric(...)`` and ``quantiles(...)`` in a scenario's own source."""
    tree = ast.parse((ROOT / "scenarios" / f"{name}.py").read_text())
    found = []
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            continue
        if call.func.id == "Metric":
            found.append((written(call.args[0]), written(call.args[2])))
        elif call.func.id == "quantiles":
            name = written(call.args[0])
            found += [(f"{name}_{quantile}", "ms") for quantile in (*QUANTILES, "mean", "max")]
    return found


def written(node: ast.expr) -> str:
    """A string of the source, its placeholders filled with samples."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr), ast.dump(node)
    text = ast.unparse(node)[2:-1]
    for name, sample in SAMPLES.items():
        text = text.replace(f"{{{name}}}", sample)
    return text


def of_the_trial() -> list[tuple[str, str]]:
    return [found for source in trial_sources() for found in ADDED_BY_THE_TRIAL.findall(source)]


def trial_sources() -> list[str]:
    return [path.read_text() for path in sorted((ROOT / "harness" / "trial").rglob("*.py"))]


def of_selfbench() -> list[tuple[str, str]]:
    added = [found for source in proof_sources() for found in ADDED_BY_SELFBENCH.findall(source)]
    return [(name.replace("{arm.framework}", FRAMEWORKS[0]), unit) for name, unit in added]


def proof_sources() -> list[str]:
    return [path.read_text() for path in sorted((ROOT / "harness" / "prove").rglob("*.py"))]


@pytest.fixture
def produced(tmp_path: Path) -> set[tuple[str, str]]:
    """(name, unit) of everything the code writes."""
    found = {*of_the_trial(), *of_selfbench()}
    for name in DRIVEN:
        (tmp_path / name).mkdir()
        found |= {(m.name, m.unit) for m in of_scenario(name, tmp_path / name)}
    found |= {(m.name, m.unit) for m in of_scenario("latency", tmp_path / "latency", overload=True)}
    found |= {(m.name, m.unit) for m in turn_metrics(*in_turns(tmp_path / "throughput"))}
    found |= {(m.name, m.unit) for m in at_held_depths()}
    for name in set(load_scenarios()) - set(DRIVEN):
        found |= set(of_source(name))
    return found | {(f"{name}_slope", f"{unit}/h") for name, unit in DRIFTING.items()}


def test_every_metric_is_defined_with_its_unit(produced: set[tuple[str, str]]) -> None:
    rows = documented()
    undefined = [
        f"{name} ({unit})"
        for name, unit in sorted(produced)
        if not any(pattern.fullmatch(name) and unit == u for pattern, u in rows)
    ]
    assert undefined == []


def test_every_definition_is_of_a_metric(produced: set[tuple[str, str]]) -> None:
    ghosts = [
        pattern.pattern
        for pattern, unit in documented()
        if not any(pattern.fullmatch(name) and unit == u for name, u in produced)
    ]
    assert ghosts == []


def test_sources_are_read_to_the_last_metric() -> None:
    assert len(of_the_trial()) == sum(source.count("trial.add(") for source in trial_sources())
    assert len(of_selfbench()) == sum(source.count("session.add(") for source in proof_sources())
    assert {"setup_broker", "start_to_ready", "teardown"} <= {name for name, _ in of_the_trial()}


def test_primary_metrics_are_written_and_named_on_the_page(
    produced: set[tuple[str, str]],
) -> None:
    names = {name for name, _ in produced}
    page = (ROOT / "docs" / "metrics.md").read_text()
    for scenario in load_scenarios().values():
        assert 1 <= len(scenario.primary) <= 3
        assert set(scenario.primary_names) <= names
        for name in scenario.primary_names:
            assert f"`{name}`" in page
