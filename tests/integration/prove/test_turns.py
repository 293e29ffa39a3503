"""A block of the proof of turns, with the stub in the frameworks' place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.experiment.cleanup import guarded
from harness.prove.turns import play
from harness.prove.turns.plan import KINDS, THROUGHPUT, Kind, Piece
from harness.prove.turns.planting import AT, TRACE
from harness.prove.turns.play import Player
from harness.prove.turns.table import CPU
from harness.prove.validate.session import Sizes, ValidateSession
from tests.conftest import TINY
from tests.integration.trials import MakeArm

ARMS = ("stub", "stub")


def test_the_same_arms_work_in_turns_and_in_sequence(
    make_arm: MakeArm, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = Kind("tried", (ARMS,), 1, 60.0, scenario=THROUGHPUT, loaded=True)
    monkeypatch.setitem(KINDS, "tried", kind)
    monkeypatch.setattr(play, "QUICK", replace(TINY, scale=0.1))
    monkeypatch.setattr("harness.experiment.comparison.comparison.QUICK_S", 0.5)
    session = ValidateSession(database, [], "1.0", Sizes(), seed=11)
    player = Player(session, {("stub", ""): make_arm(service_us=500)})
    with guarded(database):
        row = player.play(Piece("tried", ARMS, 1))
    trials = [*row["turns"], *row["sequence"]]
    assert [trial["status"] for trial in trials] == ["ok"] * 4, trials
    assert all(trial[name] > 0 for trial in trials for name in ("drain_rate", CPU))
    assert " cores (" in row["machine"]
    assert datetime.now(UTC) - datetime.fromisoformat(row["at"]) < timedelta(minutes=10)
    assert set(player._paces) == {(*ARMS, THROUGHPUT)}  # found once for the same arms


def test_celery_s_newest_release_is_one_in_which_something_can_be_planted(
    make_arm: MakeArm,
) -> None:
    cell = Path(make_arm("celery").executable).parent.parent
    [trace] = cell.glob(f"lib/python*/site-packages/{TRACE}")
    assert trace.read_text().count(AT) == 1
