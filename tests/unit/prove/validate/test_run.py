"""What was proved is stored with its bar, what broke off too."""

from functools import partial
from pathlib import Path

import pytest

from harness.prove.validate.analysis import random_plans
from harness.prove.validate.found import Check, Found
from harness.prove.validate.run import prove, show
from infrastructure.errors import TrialFailed
from tests.conftest import Query


def broken() -> Found:
    raise TrialFailed("a worker died")


def test_what_was_proved_is_stored_with_its_bar(
    database: Path, query: Query, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = [
        Check("plans", 0, partial(random_plans, 1)),
        Check("broken", 0, broken),
        Check("bad", 0, lambda: Found("bad", 3, "plans", 0, True, "missed on purpose")),
    ]
    assert not prove(database, "x", checks)
    assert prove(database, "y", checks[:1])
    assert query(
        "SELECT name, if(isnan(found), NULL, found), bar, passed FROM proof "
        "WHERE experiment_id = 'x' ORDER BY position"
    ) == [("plans", 0.0, 0.0, True), ("broken", None, 0.0, False), ("bad", 3.0, 0.0, False)]
    assert query("SELECT sentence FROM proof WHERE name = 'broken'") == [
        ("broke off: a worker died",)
    ]
    capsys.readouterr()
    show(database, "x")
    said = capsys.readouterr().out
    assert said.count("missed") == 2
    assert said.count("passed") == 1
