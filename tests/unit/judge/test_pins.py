"""Whose workers were pinned, in words."""

import pytest

from harness.judge.pins import pinned_in_words


@pytest.mark.parametrize(
    ("metric", "pinned", "words"),
    [
        ("drain_rate", (True, True), "workers pinned to cores"),
        ("drain_rate", (False, True), "only workers of bee pinned to cores"),
        ("drain_rate", (False, False), ""),
        ("enqueue_rate", (True, True), ""),  # what is sent before anyone is pinned
    ],
)
def test_it_is_said_whose_workers_were_pinned(
    metric: str, pinned: tuple[bool, bool], words: str
) -> None:
    assert pinned_in_words(metric, list(zip(("ant", "bee"), pinned, strict=True))) == words
