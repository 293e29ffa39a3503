"""Every scenario on every pair of framework and broker: it runs, or says why it cannot.

Over an hour, so asked for by name: ``nox -s tests -- -m matrix``. Timing decides nothing here.
"""

import re
from typing import Any

import pytest

from harness.scenario.catalogue import load_scenarios
from harness.trial.cell import Arm
from tests.conftest import TINY
from tests.integration.trials import PAIRS, TWO_ON_ALL, Trial, chosen, on_pairs

# What docs/findings.md says of a pair: how the points begin that show it, and by which words.
FULL_PREFETCH = ("pipeline", "warmup tasks: not within", "in tables a full prefetch costs a second")
KNOWN = (
    ("asynctasq", "rabbitmq", "scheduling delay", "lost: ", "no worker looks for delayed tasks"),
    ("asynctasq", "mysql", "", "(1213,", "on MariaDB a deadlock ends a worker"),
    ("celery", "postgresql", *FULL_PREFETCH),
    ("celery", "mysql", *FULL_PREFETCH),
)

# What these find is that tasks are lost.
LOSING = {"recovery", "killed", "deploy", "poison", "fan_out", "periodic"}


def finding(framework: str, broker: str, point: str, said: str) -> str | None:
    """The known finding that these words are of; None: they are of something else."""
    return next(
        (
            what
            for *pair, begin, words, what in KNOWN
            if pair == [framework, broker] and point.startswith(begin) and words in said
        ),
        None,
    )


def test_a_known_finding_excuses_nothing_else() -> None:
    deadlock = "exit code 1\n(1213, 'Deadlock found when trying to get lock')"
    assert finding("asynctasq", "mysql", "throughput ", deadlock)
    assert finding("asynctasq", "mysql", "throughput ", "lost: 3 of 600 tasks") is None
    assert finding("asynctasq", "postgresql", "throughput ", deadlock) is None
    assert finding("asynctasq", "rabbitmq", "scheduling delay 1 s", "lost: 100 of 100 tasks")
    assert finding("asynctasq", "rabbitmq", "pipeline ", "lost: 100 of 100 tasks") is None


def ends() -> list[tuple[str, str]]:
    """The first and the last point of every scenario but soak, which is for hours."""
    found = []
    for scenario in load_scenarios().values():
        if scenario.name != "soak":
            labels = [point.label for point in scenario.points(TINY)]
            found += [(scenario.name, label) for label in dict.fromkeys((labels[0], labels[-1]))]
    return found


@pytest.mark.matrix
@pytest.mark.parametrize(("scenario", "label"), ends(), ids=str)
@on_pairs([*TWO_ON_ALL, *PAIRS])
def test_it_runs_or_says_why_it_cannot(arm: Arm, trial: Trial, scenario: str, label: str) -> None:
    outcome = trial(arm, scenario, **offered(scenario, label))
    reason = outcome.reason
    if outcome.status == "gap":
        assert reason
        return
    found = outcome.metrics
    said = f"{reason}\n{outcome.trial.log_tail}"
    known = finding(arm.framework, arm.broker.name, f"{scenario} {label}", said)
    if known and (outcome.status == "failed" or found["lost"]):
        pytest.xfail(f"docs/findings.md: {known}")
    assert outcome.status in {"ok", "invalid"}, said
    assert not re.search(r"\blaw \w+ broken\b", reason), reason
    fates = ("completed_once", "duplicated", "lost", "failed")
    assert sum(found[name] for name in fates) == found["issued"] > 0
    assert found["lost"] == 0 or scenario in LOSING, reason


def offered(scenario: str, label: str) -> dict[str, Any]:
    """The point, where it offers a load with one that the slowest pair carries."""
    point = chosen(scenario, label)
    return {**point, "capacity": 100.0} if point["fraction"] is not None else point
