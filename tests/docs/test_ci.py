"""The workflows of docs/ci.md are ones that can run, within the time that they have."""

import re
import shlex
from typing import Any

import pytest
import yaml

from harness.cli.matrix import Matrix
from harness.commands import COMMANDS
from infrastructure.root import ROOT

PAGE = (ROOT / "docs" / "ci.md").read_text()
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
MOST_S = 8 * 60


@pytest.fixture(params=BLOCKS, ids=["branch", "release"])
def job(request: pytest.FixtureRequest) -> Any:
    """Base and head share one: on two runners they would be compared with each other's machine."""
    [only] = yaml.safe_load(request.param)["jobs"].values()
    return only


def test_arms_are_compared_in_turns_and_in_time(job: Any, matrix: Matrix) -> None:
    [line] = [run for step in job["steps"] if " -s compare -- " in (run := step.get("run", ""))]
    words = shlex.split(line.partition(" -- ")[2].replace("${{ github.base_ref }}", "main"))
    options = COMMANDS["compare"].parser(matrix).parse(words)
    assert len(options.arms) == 2
    assert not options.sequential
    assert options.scenario == ["throughput"]
    assert options.max_time < MOST_S  # what is left is for the environments
    assert 60 * job["timeout-minutes"] > MOST_S


def test_environments_come_from_a_cache_that_the_locks_name(job: Any) -> None:
    [cache] = [step["with"] for step in job["steps"] if step.get("uses") == "actions/cache@v4"]
    assert cache["path"] == "~/.cache/uv"
    assert "locks/*.txt" in cache["key"]
    names = [step.get("name", step.get("uses", step.get("run"))) for step in job["steps"]]
    assert names.index("actions/cache@v4") < names.index("pip install nox uv")


def test_nox_does_not_install_itself_and_the_verdicts_are_shown_whatever_came(job: Any) -> None:
    assert job["env"]["NOX_SCRIPT_MODE"] == "none"
    assert any(
        "verdicts.md" in step.get("run", "") and step["if"] == "always()" for step in job["steps"]
    )
