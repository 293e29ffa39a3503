"""docs/frameworks.md says what the adapters and the matrix say."""

import pytest

from harness.cli.matrix import read_matrix
from harness.report import frameworks_doc
from harness.report.adapters import read_facts
from harness.report.frameworks_doc import FEW, TAKEN, is_held, marked
from tasks.adapter import CAPABILITIES
from tasks.profiles import UNUSUAL


def test_the_page_is_what_the_adapters_make_it() -> None:
    assert frameworks_doc.PAGE.read_text() == frameworks_doc.page(read_matrix()), (
        "docs/frameworks.md is stale: run python -m harness.report.frameworks_doc"
    )


def test_every_capability_has_a_column() -> None:
    shown = [name for _, names in frameworks_doc.TABLES for name in names]
    assert sorted([*shown, "licence"]) == sorted(CAPABILITIES)
    assert set(TAKEN) <= set(CAPABILITIES)


def test_what_few_can_is_what_adapters_have_to_say_that_they_give() -> None:
    assert set(UNUSUAL) & set(TAKEN.values()) == FEW


def of(framework: str) -> dict[str, str]:
    return marked(framework, read_facts()[framework])


def test_what_scenarios_hold_a_framework_to_is_marked() -> None:
    every = ("results", "groups", "cron", "autoscaling")
    assert [name for name in every if of("celery")[name].startswith("✓")] == list(every)
    assert [name for name in every if of("asynctasq")[name].startswith("✓")] == []


def test_what_no_test_asks_for_on_every_broker_is_not_marked() -> None:
    """The matrix runs the first and the last point of poison, and neither has a time limit."""
    assert of("celery")["timeouts"].startswith("yes")


@pytest.mark.parametrize("framework", ["huey", "oban"])
def test_what_an_adapter_calls_a_gap_is_not_marked(framework: str) -> None:
    """Their cron is by the minute, and tests ask for a task each second."""
    assert of(framework)["cron"] == "yes, by the minute"


@pytest.mark.parametrize(
    ("name", "fact", "taken", "held"),
    [
        ("send", "async", (), True),
        ("delay", "yes", (), True),
        ("delay", "no", (), False),
        ("retries", "none by default; linear", ["retry_s"], True),
        ("retries", "none by default; linear", ["queues"], False),
        ("events", "no; NOTIFY of each change", ["events"], False),
        ("cron", "yes", ["retry_s"], False),
        ("cron", "yes", ["periodic"], True),
        ("timeouts", "yes", ["timeout_s"], False),
    ],
)
def test_what_is_marked_is_taken_by_a_scenario(
    name: str, fact: str, taken: list[str], *, held: bool
) -> None:
    assert is_held(name, fact, taken) == held
