"""The scenarios that there are, and how their loads are called."""

import importlib
import importlib.util
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from harness.cli.words import scenario_names
from harness.cli.workload import read_workload
from harness.scenario.point import QUICK
from harness.scenario.scenario import Scenario
from harness.scenario.workload import NAME, OwnWorkload
from infrastructure.errors import UsageError

Load = tuple[str, str]  # scenario and its point
FIRST = ("throughput", "latency")  # what everyone looks for
KILLED = "killed"  # what everyone asks of a crash


def load_words(load: Load) -> str:
    """``latency at load 0.5``; the scenario alone where it has one point."""
    name, point = load
    return f"{name} at {point}" if point else name


def load_scenario(name: str) -> Scenario:
    """The scenario of ``scenarios/NAME.py``."""
    scenario: Scenario = importlib.import_module(f"scenarios.{name}").SCENARIO
    return scenario


def chosen(
    names: Sequence[str], files: Sequence[Path], workload: Path | None = None
) -> dict[str, Scenario]:
    """Those named, those of the user's files, and a workload of his. Raises UsageError."""
    found = {name: load_scenario(name) for name in names}
    for scenario in map(load_file, files):
        if scenario.name in {*found, *scenario_names(), NAME}:
            raise UsageError(
                f"there is a scenario {scenario.name} already: give yours another name"
            )
        found[scenario.name] = scenario
    if workload:
        found[NAME] = OwnWorkload(read_workload(workload))
    return found


def load_file(path: Path) -> Scenario:
    """The scenario of a file of the user's. Raises UsageError."""
    spec = importlib.util.spec_from_file_location(f"scenario_of_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise UsageError(f"--scenario-file: no Python file {path}")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(f"{path} cannot be imported: {error}") from error
    scenario = getattr(module, "SCENARIO", None)
    if not isinstance(scenario, Scenario):
        raise UsageError(f"{path} has no SCENARIO, an object of harness.scenario.scenario.Scenario")
    return scenario


def usual_scenarios() -> dict[str, Scenario]:
    """Those that a bench runs unless some are named."""
    return {name: s for name, s in load_scenarios().items() if s.usual}


def load_scenarios() -> dict[str, Scenario]:
    return {name: load_scenario(name) for name in scenario_names()}


def in_order(names: Collection[str]) -> list[str]:
    """As reports show them: what everyone looks for first, then by name."""
    return [name for name in FIRST if name in names] + sorted({*names} - {*FIRST})


def is_open_loop(scenario: Scenario) -> bool:
    """Whether it offers shares of a capacity, which somebody has to measure first."""
    return any(point.fraction is not None for point in scenario.points(QUICK))
