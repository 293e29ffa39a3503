"""Releases as PyPI lists them."""

import io
import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from harness.cli.releases import Release, numbers, released, releases_in, since
from infrastructure.errors import BenchError, UsageError


def file(day: str, *, yanked: bool = False) -> dict[str, Any]:
    return {
        "filename": "fancy.whl",
        "packagetype": "bdist_wheel",
        "requires_python": ">=3.9",
        "upload_time_iso_8601": f"{day}T17:39:44.314748Z",
        "yanked": yanked,
    }


# In the shape of https://pypi.org/pypi/NAME/json: versions in no order, each with its files.
ANSWER = {
    "info": {"name": "fancy", "version": "1.10.0"},
    "releases": {
        "0.9": [],  # its files were removed
        "1.10.0": [file("2026-03-02"), file("2026-03-01")],
        "1.2": [file("2025-01-01")],
        "1.9.1": [file("2026-01-05", yanked=True), file("2026-01-05", yanked=True)],
        "1.9.0": [file("2026-01-04"), file("2026-01-04", yanked=True)],
        "1.9.0.post1": [file("2026-01-06")],
        "1.10.0b1": [file("2026-02-01")],
        "1.10.0rc2": [file("2026-02-02")],
        "2.0.dev3": [file("2026-04-01")],
    },
}
FOUND = [
    Release("1.2", "2025-01-01"),
    Release("1.9.0", "2026-01-04"),
    Release("1.9.0.post1", "2026-01-06"),
    Release("1.10.0", "2026-03-01"),
]


def test_final_releases_that_are_not_yanked_in_order_of_versions() -> None:
    assert releases_in(ANSWER) == FOUND
    assert numbers("1.10") > numbers("1.9.9") > numbers("1.9")
    assert numbers("2.0") == numbers("2.0.0") < numbers("2.0.post1") < numbers("2.0.1")


def test_those_since_a_day_and_the_fixed_one() -> None:
    assert since(FOUND, "2026-01-05", "1.10.0") == FOUND[2:]
    assert since(FOUND, "2026-01-05", "1.2") == [FOUND[0], *FOUND[2:]]
    with pytest.raises(UsageError, match=r"no such release; the newest are 1\.2, 1\.9\.0"):
        since(FOUND, "2026-01-05", "3.0")
    with pytest.raises(UsageError, match=r"no release beside 1\.10\.0 since then"):
        since(FOUND, "2026-02-01", "1.10.0")


def test_pypi_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(url: str, timeout: float) -> io.BytesIO:
        asked.append((url, timeout > 0))
        return io.BytesIO(json.dumps(ANSWER).encode())

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    assert released("fancy") == FOUND
    assert asked == [("https://pypi.org/pypi/fancy/json", True)]


@pytest.mark.parametrize(
    "error", [urllib.error.URLError("no route to host"), TimeoutError("slow"), ValueError("cut")]
)
def test_no_answer_is_said(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(urllib.request, "urlopen", fail)
    with pytest.raises(BenchError, match="no list of the releases of fancy from https"):
        released("fancy")
