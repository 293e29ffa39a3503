"""What may be typed: refused before anything starts, with the valid words and a suggestion."""

import pytest

from harness.cli.options import BODIES as OFFERED
from harness.cli.options import bench_parser, check_server, compare_parser, scenario_names
from harness.scenario.scenario import load_scenarios
from infrastructure.errors import UsageError
from scenarios.tuning import BODIES


def refusal(*arguments: str) -> str:
    with pytest.raises(UsageError) as refused:
        check_server(bench_parser(["redis"], ["threads"]).parse(arguments), "bench")
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
        (["stray"], "unknown argument 'stray'"),
    ],
)
def test_wrong_values_are_refused(arguments: list[str], said: str) -> None:
    assert said in refusal(*arguments)


def test_defaults_are_the_documented_ones() -> None:
    parsed = bench_parser(["redis"], ["threads"]).parse([])
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
    assert compare_parser().parse(["a", "b", "--max-time", word]).max_time == seconds
    with pytest.raises(UsageError, match="90s, 30m or 2h"):
        compare_parser().parse(["--max-time", "30"])
