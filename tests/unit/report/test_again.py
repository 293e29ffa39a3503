"""What is typed to measure an experiment again."""

import json
from typing import Any

import pytest

from harness.commands.claims import Claims
from harness.commands.series import Series
from harness.commands.survey import Survey
from harness.report.again import again
from tests.typed import typed

SURVEY = {"frameworks": ["huey"], "broker": ["redis", "postgresql"], "quick": False}
CLAIMS = {"names": ["saq-arq", "uvloop"], "blocks": 6}
SERIES = {"framework": "celery", "since": "2025-06-01"}


@pytest.mark.parametrize(
    ("command", "kept", "said"),
    [
        (Survey.name, SURVEY, "nox -s survey -- huey --broker redis --broker postgresql --seed 7"),
        (Survey.name, SURVEY | {"frameworks": [], "broker": None}, "nox -s survey -- --seed 7"),
        (Claims.name, CLAIMS, "nox -s claims -- saq-arq uvloop --blocks 6 --seed 7"),
        (Series.name, SERIES, "nox -s series -- celery --since 2025-06-01 --seed 7"),
        (Series.name, SERIES | {"since": None}, "nox -s series -- celery --seed 7"),
    ],
)
def test_it_is_typed_as_it_was(command: str, kept: dict[str, Any], said: str) -> None:
    assert again(command, json.dumps(kept), 7) == said


@pytest.mark.parametrize(
    ("command", "kept"), [(Survey.name, SURVEY), (Claims.name, CLAIMS), (Series.name, SERIES)]
)
def test_the_command_takes_it(command: str, kept: dict[str, Any]) -> None:
    _, words = again(command, json.dumps(kept), 7).split(" -- ")
    found = vars(typed(command, words.split()))
    assert {name: str(found[name]) for name in kept} == {k: str(v) for k, v in kept.items()}
    assert found["seed"] == 7


def test_what_comes_of_itself_and_what_is_no_result_is_not_typed() -> None:
    assert again("series", json.dumps(SERIES | {"confirms": "e1"}), 7) == ""
    assert again("bench", "{}", 7) == ""
