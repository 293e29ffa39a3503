"""Why an arm has no answer, and for which of its loads."""

from harness.report.questions.answers import missing
from harness.report.rows.trials import State


def state(point: str, reason: str | None = None) -> State:
    """With a trial; where there is a ``reason``, a gap."""
    place, counts = ("periodic", point, 1, 1, "huey 1.0", None), (1, int(not reason), 0, 0)
    return State(*place, *counts, int(bool(reason)), None, None, reason, loads_differ=None)


OK = state("steady")
ONE, AGAIN = (state(point, "it has none") for point in ("one", "one, restarted"))


def test_what_is_of_every_load_names_none() -> None:
    assert list(missing([ONE, AGAIN], {"one"})) == ["cannot: it has none"]


def test_loads_with_commas_in_their_names_are_told_apart() -> None:
    assert list(missing([OK, ONE, AGAIN], {"steady", "one"})) == [
        "cannot (one; one, restarted): it has none"
    ]


def test_every_reason_has_its_loads_and_what_nobody_asked_about_is_left() -> None:
    other, unasked = state("two", "it ends"), state("three", "it is slow")
    assert list(missing([ONE, other, unasked], {"one", "two"})) == [
        "cannot (one): it has none",
        "cannot (two): it ends",
    ]
