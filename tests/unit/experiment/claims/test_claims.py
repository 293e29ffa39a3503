"""Claims as one experiment: which sides share blocks, and what is run when."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.cli.claims import Bounds, Measurement, PublishedClaim, Region, Side
from harness.experiment.claims.carry_out import measure
from harness.experiment.claims.claims import Claims, bundles_of
from harness.experiment.claims.resume import take_over
from harness.experiment.claims.run import run
from harness.experiment.redo import Redo
from harness.scenario.catalogue import load_scenario
from harness.store.vocabulary import Status
from tests.conftest import Query
from tests.unit.experiment.comparison.made import SIGKILL, Maker, Play, Played, ended_after

BOUNDS = Bounds(Region(2, 9), (Region(0, 1),))
NAPS = "claimed at naps of 1 ms"
SIDES = [Side("a", "throughput"), Side("b", "throughput"), Side("c", NAPS)]
MakeClaims = Callable[..., Claims]


def claim(name: str, *sides: Side) -> PublishedClaim:
    first, *others = sides
    over = others[0] if others else None
    measured = Measurement("properly", "x", "drain_rate", "tasks/s", BOUNDS, first, over)
    return PublishedClaim(name, "x", "b", "u", date(2026, 11, 28), "page", "", "", [measured])


@pytest.fixture
def make(database: Path, monkeypatch: pytest.MonkeyPatch) -> MakeClaims:
    """Of three sides in two bundles, whose trials are played by arm and block."""
    maker = Maker(database, monkeypatch)

    def claims(play: Play, blocks: int = 2) -> Claims:
        monkeypatch.setattr("harness.experiment.watched.run_trial", maker.player(play))
        scenarios = [load_scenario("throughput"), load_scenario("claimed")]
        plain = maker.comparison(scenarios, blocks, 3, "claims")
        fields: dict[str, Any] = {**vars(plain), "pairs": [], "redo": Redo(1)}
        return Claims(**fields, sides=SIDES, bundles=[[0, 1], [2]])

    return claims


def test_claims_that_share_a_side_share_their_blocks() -> None:
    a, b, c, d = (Side(name, "throughput") for name in "abcd")
    alone = claim("alone", d)
    apart = [claim("one", a, b), alone, claim("other", c)]
    assert bundles_of(apart) == [[0, 1], [2], [3]]
    assert bundles_of([*apart, claim("both", b, c)]) == [[0, 1, 3], [2]]


def test_a_load_of_its_own_is_a_side_of_its_own() -> None:
    both = claim("x", Side("a", "throughput"), Side("a", NAPS))
    assert bundles_of([both]) == [[0, 1]]


def test_every_side_is_measured_at_its_load_once_a_block(make: MakeClaims, query: Query) -> None:
    run(make(lambda arm, _: Played(100.0 * arm)))
    counted = "SELECT arm_number, scenario, point, count(*) FROM trial GROUP BY ALL ORDER BY ALL"
    assert query(counted) == [
        (1, "throughput", "", 2),
        (2, "throughput", "", 2),
        (3, "claimed", "naps of 1 ms", 2),
    ]
    ordered = query("SELECT arm_number FROM trial ORDER BY position")
    assert [arm for (arm,) in ordered[4:]] == [3, 3]  # bundle after bundle


def test_a_void_trial_is_run_again_once_and_then_stands(make: MakeClaims, query: Query) -> None:
    def play(arm: int, _block: int) -> Played:
        return Played(9.0, Status.INVALID if arm == 3 else Status.OK, "lost 1" if arm == 3 else "")

    run(make(play, blocks=1))
    told = "SELECT purpose, status FROM trial WHERE arm_number = 3 ORDER BY ALL"
    assert query(told) == [("broken", "invalid"), ("measure", "invalid")]


def test_what_was_ended_goes_on_without_its_half_block(make: MakeClaims, query: Query) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(first := make(ended_after(3)))
    again = make(lambda *_: Played(100.0))
    done = take_over(again, first.id)
    assert done == {(1, 0), (1, 1)}
    run(again, done)
    assert query("SELECT purpose, count(*) FROM trial GROUP BY ALL ORDER BY ALL") == [
        ("broken", 2),
        ("measure", 6),
    ]
    assert query("SELECT count(DISTINCT position) FROM trial") == [(8,)]
    assert again.redo.times == 0  # the machine was not busy
    assert len(take_over(make(lambda *_: Played(1.0)), first.id)) == 6


@pytest.mark.usefixtures("no_guard")
def test_the_trial_that_a_harness_was_killed_in_is_run_again(
    make: MakeClaims, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the spool until the next session begins."""
    with pytest.raises(KeyboardInterrupt):
        run(first := make(ended_after(3, SIGKILL)))
    again = make(lambda *_: Played(100.0))
    monkeypatch.setattr("harness.experiment.claims.carry_out.prepare", lambda _: again)
    asked: Any = SimpleNamespace(database=again.database)
    measure(asked, first.id, dry_run=True)
    assert query("SELECT purpose, count(*) FROM trial GROUP BY ALL") == [("measure", 3)]
    measure(asked, first.id)
    assert query("SELECT purpose, count(*) FROM trial GROUP BY ALL ORDER BY ALL") == [
        ("broken", 2),
        ("measure", 6),
    ]


def test_no_block_begins_that_would_end_too_late(
    make: MakeClaims, query: Query, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = make(lambda *_: Played(10_000.0), blocks=3)
    claims.bundles = [[2], [0, 1]]
    naps, no_ops = (claims.planned_sides(bundle) for bundle in claims.bundles)
    long_s, short_s = (sum(one.guess_s() for one in planned) for planned in (naps, no_ops))
    assert short_s + 5 < long_s
    claims.max_time_s = short_s + 65
    claims.begun -= 60  # what is left fits the second bundle only
    run(claims)
    counted = "SELECT arm_number, count(*) FROM trial GROUP BY ALL ORDER BY ALL"
    assert query(counted) == [(1, 3), (2, 3)]
    assert "no time for block 1 of bundle 1" in capsys.readouterr().out


def test_the_plan_takes_as_long_as_its_trials(make: MakeClaims) -> None:
    claims = make(lambda *_: Played(9.0), blocks=7)
    each = [claims.planned_side(side).guess_s() for side in range(3)]
    assert claims.planned_s() == pytest.approx(7 * sum(each))
