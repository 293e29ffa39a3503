"""The scenarios that there are, and how their loads are called."""

import importlib

from harness.cli.words import scenario_names
from harness.scenario.point import QUICK
from harness.scenario.scenario import Scenario

Load = tuple[str, str]  # scenario and its point


def load_words(load: Load) -> str:
    """``latency at load 0.5``; the scenario alone where it has one point."""
    name, point = load
    return f"{name} at {point}" if point else name


def load_scenario(name: str) -> Scenario:
    """The scenario of ``scenarios/NAME.py``."""
    scenario: Scenario = importlib.import_module(f"scenarios.{name}").SCENARIO
    return scenario


def usual_scenarios() -> dict[str, Scenario]:
    """Those that a bench runs unless some are named."""
    return {name: s for name, s in load_scenarios().items() if s.usual}


def load_scenarios() -> dict[str, Scenario]:
    return {name: load_scenario(name) for name in scenario_names()}


def is_open_loop(scenario: Scenario) -> bool:
    """Whether it offers shares of a capacity, which somebody has to measure first."""
    return any(point.fraction is not None for point in scenario.points(QUICK))
