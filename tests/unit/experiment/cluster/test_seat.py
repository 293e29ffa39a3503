"""What a machine's seat keeps for a session that may be gone, and what it need not keep."""

import json
from pathlib import Path

import pytest

from harness.experiment.cluster.parcel import ANSWER, VARIABLE, place
from harness.experiment.cluster.seat import Seat


@pytest.fixture
def seat(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Seat:
    """One whose works answer at once."""

    def run(_: Seat, text: str, _lines: object) -> int:
        folder = place() / json.loads(text)["id"]
        folder.mkdir(parents=True)
        (folder / ANSWER).write_text(json.dumps({"left": []}))
        return 0

    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setattr(Seat, "run", run)
    return object.__new__(Seat)  # without a worker of Dask


@pytest.mark.parametrize(
    ("name", "state", "kept"), [("a-join-1", None, False), ("a-learn-1", {}, True)]
)
def test_only_what_measured_is_kept_until_it_is_stored(
    seat: Seat, name: str, state: object, kept: bool
) -> None:
    reply = seat.work(json.dumps({"id": name, "state": state}), [])
    assert (reply.code, reply.delivery.id) == (0, name)
    assert reply.delivery.answer
    assert (place() / name).exists() is kept
    seat.forget([name])
    assert not (place() / name).exists()
