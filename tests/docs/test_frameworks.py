"""docs/frameworks.md says what the adapters and the matrix say."""

import pytest

from harness.cli.matrix import read_matrix
from harness.report import frameworks_doc
from harness.report.frameworks_doc import TAKEN, is_held
from tasks.adapter import CAPABILITIES


def test_the_page_is_what_the_adapters_make_it() -> None:
    assert frameworks_doc.PAGE.read_text() == frameworks_doc.page(read_matrix()), (
        "docs/frameworks.md is stale: run python -m harness.report.frameworks_doc"
    )


def test_every_capability_has_a_column() -> None:
    shown = [name for _, names in frameworks_doc.TABLES for name in names]
    assert sorted([*shown, "licence"]) == sorted(CAPABILITIES)
    assert set(TAKEN) <= set(CAPABILITIES)


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
    ],
)
def test_what_is_marked_is_taken_by_a_scenario(
    name: str, fact: str, taken: list[str], *, held: bool
) -> None:
    assert is_held(name, fact, taken) == held
