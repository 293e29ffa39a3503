"""Settings of a framework's own: applied, read back, part of the arm's name, or refused."""

import json
from collections.abc import Callable

import pytest

from harness.trial.cell import Arm, describe_all, wanted
from harness.trial.outcome import Outcome
from tests.conftest import TINY, Query
from tests.integration.trials import sound

NOTHING = wanted("throughput", {})


def test_celery_reads_back_what_was_set(
    on_broker: Callable[..., Arm], trial: Callable[..., Outcome], query: Query
) -> None:
    own = {"worker_prefetch_multiplier": 8, "task_track_started": True}
    outcome = trial(on_broker("celery", "redis", set=own), "throughput", size=TINY)
    sound(outcome)
    assert (outcome.trial.prefetch, outcome.trial.variant) == (
        16,
        "worker_prefetch_multiplier=8 task_track_started=True",
    )
    read = query("SELECT DISTINCT name, asked, effective FROM setting WHERE source = 'task'")
    for name, value in own.items():
        assert (name, json.dumps(value), json.dumps(value)) in read


@pytest.mark.parametrize(
    ("framework", "name", "said"),
    [
        ("celery", "worker_prefetch_multiplyer", "did you mean worker_prefetch_multiplier?"),
        ("celery", "worker_concurrency", "is decided by profile"),
        ("stub", "anything", "the stub adapter sets nothing"),
    ],
)
def test_what_cannot_be_set_is_a_gap(
    make_arm: Callable[..., Arm], framework: str, name: str, said: str
) -> None:
    found = describe_all(make_arm(framework, set={name: 1}), [NOTHING])
    assert said in found[NOTHING].gap
