"""What may be typed: refused before anything starts, with the valid words and a suggestion."""

import pytest

from harness.cli.words import scenario_names
from harness.commands.bench import BODIES as OFFERED
from harness.scenario.catalogue import load_scenarios
from infrastructure.errors import UsageError
from scenarios.tuning import BODIES
from tests.typed import typed


def refusal(*arguments: str) -> str:
    with pytest.raises(UsageError) as refused:
        typed("bench", arguments)
    assert refused.value.exit_code == 2
    return str(refused.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scenario", "thoughput"], "did you mean 'throughput'? valid: antipatterns, "),
        (["--broker", "reddis"], "did you mean 'redis'?"),
        (["--trial", "3"], "did you mean '--trials'?"),
        (["--trials", "0"], "at least 1, found '0'"),
        (["--trials", "many"], "whole number"),
        (["--profile", "tunned"], "did you mean 'tuned'?"),
        (["--seed", "-1"], "whole number"),
        (["--db", "/no/such/folder/x.duckdb"], "no folder /no/such/folder"),
        (["--provider", "url"], "needs --broker-url"),
        (["--broker-url", "redis://h"], "goes with --provider url"),
        (["--yes-flush"], "goes with --provider url"),
        (["--durability", "none"], "valid: production, relaxed"),
        (["--durability", "relaxed", "--provider", "url", "--broker-url", "redis://h"], "as it is"),
        (["--variant", "thread"], "did you mean 'threads'?"),
        (["--body", "nop"], "did you mean 'noop'?"),
        (["--body", "wait", "--scenario", "latency"], "goes with --scenario tuning"),
        (
            ["--place", "worker=netns:w"],
            "goes with demand, latency, throughput, found antipatterns",
        ),
        (
            ["--place", "worker=netns:w", "--scenario", "latency", "--metrics-port", "9999"],
            "live metrics know one clock",
        ),
        (["stray"], "unknown argument 'stray'"),
    ],
)
def test_wrong_values_are_refused(arguments: list[str], said: str) -> None:
    assert said in refusal(*arguments)


def test_defaults_are_the_documented_ones() -> None:
    parsed = typed("bench", [])
    assert (parsed.broker, parsed.provider, parsed.profile) == ("redis", "auto", "matched")
    assert parsed.scenario is None
    assert not parsed.quick


def test_scenarios_are_the_files() -> None:
    assert {"latency", "throughput", "recovery"} <= set(scenario_names())
    for name, scenario in load_scenarios().items():
        assert scenario.name == name


def test_bodies_are_those_of_the_scenario() -> None:
    assert list(BODIES) == OFFERED


@pytest.mark.parametrize(("word", "seconds"), [("90s", 90), ("30m", 1800), ("2h", 7200)])
def test_times_have_units(word: str, seconds: float) -> None:
    assert typed("compare", ["celery", "raw", "--max-time", word]).max_time == seconds
    with pytest.raises(UsageError, match="90s, 30m or 2h"):
        typed("compare", ["--max-time", "30"])
