"""What is typed to measure an experiment again."""

import json
from typing import Any

import pytest

from harness.commands.bench import Bench
from harness.commands.claims import Claims
from harness.commands.series import Series
from harness.commands.soak import Soak
from harness.commands.survey import Survey
from harness.report.again import again
from tests.typed import typed

SURVEY = {"frameworks": ["huey"], "broker": ["redis", "postgresql"], "quick": False}
CLAIMS = {"names": ["saq-arq", "uvloop"], "blocks": 6}
BENCH = {"scenario": ["idle"], "broker": "redis", "trials": 3, "no_profilers": True, "quick": False}
WORDS = "celery=={},python=3.12,broker=redis,profile=matched"
SOAK = {"arm": "celery", "hours": 1.0, "broker": "redis", "profile": "matched"}
SERIES = {"framework": "celery", "since": "2025-06-01"}


@pytest.mark.parametrize(
    ("command", "kept", "said"),
    [
        (Survey.name, SURVEY, "nox -s survey -- huey --broker redis --broker postgresql --seed 7"),
        (Survey.name, SURVEY | {"frameworks": [], "broker": None}, "nox -s survey -- --seed 7"),
        (Claims.name, CLAIMS, "nox -s claims -- saq-arq uvloop --blocks 6 --seed 7"),
        (Series.name, SERIES, "nox -s series -- celery --since 2025-06-01 --seed 7"),
        (Series.name, SERIES | {"since": None}, "nox -s series -- celery --seed 7"),
        (Soak.name, SOAK, "nox -s soak -- celery --hours 1 --broker redis --seed 7"),
    ],
)
def test_it_is_typed_as_it_was(command: str, kept: dict[str, Any], said: str) -> None:
    assert again(command, json.dumps(kept), 7) == said


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        (Survey.name, SURVEY),
        (Claims.name, CLAIMS),
        (Series.name, SERIES),
        (Soak.name, SOAK),
        (Bench.name, BENCH | {"words": WORDS.format("5.7.0")}),
    ],
)
def test_the_command_takes_it(command: str, kept: dict[str, Any]) -> None:
    _, words = again(command, json.dumps(kept), 7).split(" -- ")
    found = vars(typed(command, words.split()))
    kept = {name: value for name, value in kept.items() if name != "words"}
    assert {name: str(found[name]) for name in kept} == {k: str(v) for k, v in kept.items()}
    assert found["seed"] == 7


@pytest.mark.parametrize(
    ("version", "cell"), [("5.7.0", "celery"), ("5.4.0", "celery-5.4.0"), ("4.0", "celery-4.0")]
)
def test_a_bench_is_a_session_of_its_cell(version: str, cell: str) -> None:
    """The newest pinned version has no number."""
    own = {"words": WORDS.format(version), "variant": "threads", "set": ["a=1"], "quick": True}
    said = "--scenario idle --broker redis --trials 3 --variant threads --set a=1 --quick"
    assert again("bench", json.dumps(BENCH | own), 7) == (
        f'nox -s "bench-3.12({cell})" -- {said} --no-profilers --seed 7'
    )


def test_what_comes_of_itself_and_what_is_no_result_is_not_typed() -> None:
    assert again("series", json.dumps(SERIES | {"confirms": "e1"}), 7) == ""
    assert again("bench", "{}", 7) == ""
    assert again("selfbench", "{}", 7) == ""
