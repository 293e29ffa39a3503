"""A series whose trials are played: its blocks, its steps looked at again, and going on."""

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from harness.cli.exits import Exit
from harness.experiment.comparison.comparison import Pace, Pair
from harness.experiment.redo import Redo
from harness.experiment.series.carry_out import look_again
from harness.experiment.series.carry_out import series as carried_out
from harness.experiment.series.prepare import Series, fresh
from harness.experiment.series.resume import confirming, take_over
from harness.experiment.series.run import fit_backlogs, name_left_out, run
from harness.experiment.series.say import show_fresh
from harness.report.terminal.history import read
from harness.store.vocabulary import Status
from harness.trial.cell import Description, wanted
from infrastructure.errors import UsageError
from tests.conftest import Query
from tests.unit.experiment.comparison.made import CTRL_C, SIGKILL, Played, ended_after
from tests.unit.experiment.series.made import MadeSeries

VERSIONS = [f"1.{n}" for n in range(6)]


def stepping(version: str, _block: int) -> Played:
    """Half as fast from 1.3 on."""
    return Played((100.0 if version < "1.3" else 50.0) * float(noise.normal(1, 0.01)))


noise = np.random.default_rng(1)


def test_each_release_stands_beside_the_fixed_one_once_a_round(
    make: MadeSeries, query: Query
) -> None:
    series = make(stepping, VERSIONS, blocks=3)
    schedule = list(series.schedule())
    assert len(schedule) == len({block for block, _ in schedule}) == 18
    assert {min(arms) for _, arms in schedule} == {0}
    assert len({arms[0] == 0 for _, arms in schedule}) == 2  # either is first
    for number in range(3):
        own = schedule[6 * number : 6 * number + 6]
        assert sorted(max(arms) for _, arms in own) == [1, 2, 3, 4, 5, 6]
        assert {series.round_of(block) for block, _ in own} == {number + 1}
    first, second = ([max(arms) for _, arms in schedule[n : n + 6]] for n in (0, 6))
    assert first != second
    assert run(series, [])
    assert query("SELECT arm_number, count(*) FROM trial GROUP BY ALL ORDER BY ALL") == [
        (1, 18),
        *((arm, 3) for arm in range(2, 8)),
    ]


def test_a_step_is_found_confirmed_by_new_blocks_and_shown(
    make: MadeSeries, query: Query, capsys: pytest.CaptureFixture[str]
) -> None:
    series = make(stepping, VERSIONS)
    assert run(series, [])
    assert look_again(make.asked(series), series)
    (candidate,) = query("SELECT before, after, experiment_id FROM change_point")
    assert candidate == ("stub 1.2", "stub 1.3", series.id)
    (verdict,) = query("SELECT baseline, candidate, kind, n, experiment_id FROM verdict")
    assert verdict[:3] == ("stub 1.2", "stub 1.3", "slower")
    again = verdict[4]
    assert again != series.id
    assert confirming(series) == (again, [Pair(4, 5)])
    seeds = query("SELECT count(DISTINCT seed) FROM experiment")
    assert seeds == [(2,)]
    assert "Candidate step" in capsys.readouterr().out
    [found] = read(series.database, series.id)
    assert [release.version for release in found.releases] == VERSIONS
    assert {version: round(step.ratio, 1) for version, step in found.steps.items()} == {"1.3": 0.5}
    levels = [round(release.level.ratio) for release in found.releases]
    assert levels == [2, 2, 2, 1, 1, 1]
    assert look_again(make.asked(series), series)  # nothing is missing any more
    assert query("SELECT count(*) FROM experiment") == [(2,)]


def test_a_void_block_is_in_no_level(make: MadeSeries) -> None:
    def play(version: str, block: int) -> Played:
        void = version == "1.1" and block <= 6
        return Played(9e9 if void else 100.0 + block % 5, Status.INVALID if void else Status.OK)

    series = make(play, VERSIONS)
    series.redo = Redo(0)
    run(series, [])
    [found] = read(series.database, series.id)
    assert [release.level.blocks for release in found.releases] == [4, 3, 4, 4, 4, 4]
    assert all(0.9 < release.level.ratio < 1.1 for release in found.releases)


def test_an_ended_series_goes_on_block_by_block(make: MadeSeries, query: Query) -> None:
    """Ctrl-C in the second arm of the fifth block: it is done again as a whole."""
    trials = count(1)

    def killed(version: str, block: int) -> Played:
        return CTRL_C if next(trials) == 10 else stepping(version, block)

    series = make(killed, VERSIONS, blocks=2)
    with pytest.raises(KeyboardInterrupt):
        run(series, [])
    again = make(stepping, VERSIONS, blocks=2)
    done = take_over(again, series.id)
    assert len(done) == 4
    assert again.id == series.id
    assert run(again, done)
    counted = "SELECT count(*), count(DISTINCT block) FROM trial WHERE purpose = 'measure'"
    assert query(counted) == [(24, 12)]
    assert query("SELECT count(*) FROM trial WHERE purpose = 'broken'") == [(2,)]
    changed = make(stepping, VERSIONS, blocks=2)
    changed.experiment.harness_commit = "another"
    with pytest.raises(UsageError, match="another now"):
        take_over(changed, series.id)


@pytest.mark.usefixtures("no_guard")
def test_the_trial_that_a_harness_was_killed_in_is_run_again(
    make: MadeSeries, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the spool until the next session begins."""
    end = ended_after(3, SIGKILL)
    with pytest.raises(KeyboardInterrupt):
        run(first := make(lambda _, block: end(0, block), VERSIONS[:2], blocks=1), [])
    again = make(stepping, VERSIONS[:2], blocks=1)
    monkeypatch.setattr("harness.experiment.series.carry_out.prepare", lambda _: again)
    monkeypatch.setattr("harness.experiment.series.carry_out.look_again", lambda *_: True)
    carried_out(make.asked(again), first.id, dry_run=True)
    assert query("SELECT purpose, count(*) FROM trial GROUP BY ALL") == [("measure", 3)]
    assert carried_out(make.asked(again), first.id) == (first.id, Exit.FINE)
    counted = "SELECT purpose, count(*) FROM trial GROUP BY ALL ORDER BY ALL"
    assert query(counted) == [("broken", 2), ("measure", 4)]


def test_nothing_begins_that_would_end_too_late(make: MadeSeries, query: Query) -> None:
    series = make(stepping, VERSIONS)
    series.max_time_s = 1e-9
    assert not run(series, [])
    assert query("SELECT count(*) FROM trial") == [(0,)]


def test_the_fresh_look_ends_early_on_width_alone(make: MadeSeries, query: Query) -> None:
    """Ten rounds are the fewest where arms do not take turns."""
    series = make(lambda version, block: Played(float(version[2:]) + block / 1e4), VERSIONS)
    again = fresh(make.asked(series), series, [Pair(4, 5), Pair(5, 6)])
    assert (again.blocks, again.claims, again.seed) == (10, 2, series.seed + 1)
    again.blocks = 12
    assert run(again, [])
    assert query("SELECT count(DISTINCT block) FROM trial") == [(20,)]


def test_a_release_that_does_not_run_is_a_row_that_says_so(make: MadeSeries, query: Query) -> None:
    series = make(stepping, VERSIONS, blocks=2)
    why = "does not install on Python 3.12: no wheel"
    arm = replace(series.setups[0].arm, version="0.9", executable="")
    gap = Description({}, {"python_version": "3.12"}, gap=why)
    described = {wanted("throughput", {}): gap}
    missing = replace(series.setups[0], arm=arm, descriptions=described, number=8)
    series.left_out = [missing]
    name_left_out(series)
    row = "SELECT framework_version, status, reason, lock_hash FROM trial"
    assert query(row) == [("0.9", "gap", why, "")]
    run(series, [])
    series.paces = {("throughput", ""): Pace(0.25, 0.05, [10.0] * 8)}
    fit_backlogs(series)  # what was left out has no backlog, and no name among the arms
    again = make(stepping, VERSIONS, blocks=2)
    again.left_out = [missing]
    assert len(take_over(again, series.id)) == 12  # what has no lock is no changed ground


def test_all_rates_follow_from_the_two_that_took_turns(make: MadeSeries) -> None:
    series: Series = make(stepping, VERSIONS)
    series.tried = [100.0, 50.0, 25.0, 100.0, 100.0, 100.0, 100.0]
    assert series.calibrated == [0, 2]
    rates = series.rates(("throughput", ""), [200.0, 50.0])
    assert rates == [200.0, 100.0, 50.0, 200.0, 200.0, 200.0, 200.0]


def test_packages_in_which_neighbours_differ_are_named(
    make: MadeSeries, capsys: pytest.CaptureFixture[str]
) -> None:
    """A step may be theirs; the framework's own version is none of them."""
    series = make(stepping, VERSIONS)
    for setup, kombu in zip(series.setups[3:5], ("5.5.4", "5.6.0"), strict=True):
        packages = {"stub": setup.arm.version, "kombu": kombu, "redis": "8.1.0"}
        setup.descriptions = {wanted("throughput", {}): Description(packages, {})}
    show_fresh(fresh(make.asked(series), series, [Pair(4, 5), Pair(5, 6)]))
    said = " ".join(capsys.readouterr().out.split())
    assert "stub 1.2 and stub 1.3 differ in: kombu 5.5.4 → 5.6.0" in said
    assert "a fresh look at 2 steps: 10 new blocks each at most, 2 claims" in said


def test_backlogs_go_by_what_an_arm_drained_last(make: MadeSeries) -> None:
    """What was tried of a cold worker is forgotten once a block says more."""
    load = ("throughput", "")
    series = make(lambda _, block: Played(1000.0 + block), VERSIONS, blocks=1)
    run(series, [])
    series.paces = {load: Pace(0.25, 0.05, [10.0] * 8)}
    fit_backlogs(series)
    last = max(block for block, _ in series.schedule())
    assert series.paces[load].rates[0] == 1000.0 + last
    assert sorted(series.paces[load].rates[1:7]) == [1001.0, 1002.0, 1003.0, 1004.0, 1005.0, 1006.0]
    assert series.paces[load].rates[7] == 10.0  # not measured yet
    assert series.paces[load].window_s == 0.25
    series.paces = {}
    fit_backlogs(series)
    assert series.paces == {}
