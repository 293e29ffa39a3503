"""Blocks over machines: each whole and once, whatever comes, goes or is unlike."""

from collections.abc import Callable

import pytest

from harness.experiment.cluster.plan import Kind, State, Work, new_id
from harness.experiment.comparison.blocks import Block
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.resume import blocks_done, take_over
from harness.experiment.comparison.run import run_on
from infrastructure.errors import BenchError
from tests.conftest import Query
from tests.unit.experiment.cluster.made import LONG, FakePool, Machine, crew_of, ground

Make = Callable[..., Machine]
PURPOSES = "SELECT purpose, count(*), count(DISTINCT block) FROM trial GROUP BY 1 ORDER BY 1"


def measured(comparison: Comparison, pool: FakePool, *, strata: bool = False) -> None:
    crew = crew_of(comparison, pool, strata=strata)
    crew.wait_for_all()
    run_on(crew, comparison)
    crew.say_good_bye()


def test_every_block_is_measured_once_by_one_machine(
    comparison: Comparison, machine: Make, query: Query
) -> None:
    one, other = machine(), machine()
    measured(comparison, FakePool({"a": one, "b": other}))
    assert sorted(one.blocks + other.blocks) == [1, 2, 3, 4, 5, 6]
    assert min(len(one.blocks), len(other.blocks)) > 0
    assert query(PURPOSES) == [("measure", 12, 6)]
    assert query("SELECT count(DISTINCT position) FROM trial") == [(12,)]
    assert comparison.lost == []
    done = {work.id for each in (one, other) for work in each.works}
    assert {*one.forgot, *other.forgot} == done  # all that was stored is forgotten there


def test_one_machine_measures_what_all_have_to_know(comparison: Comparison, machine: Make) -> None:
    one, other = machine(), machine()
    comparison.turns = True
    measured(comparison, FakePool({"a": one, "b": other}))
    kinds = [work.kind for work in one.works + other.works]
    assert kinds.count(Kind.LEARN) == 1
    assert kinds.count(Kind.BLOCK) == 6


def test_a_machine_lost_in_mid_block_has_it_done_again_elsewhere_and_it_is_counted(
    comparison: Comparison, machine: Make, query: Query
) -> None:
    gone = machine(takes=lambda n: LONG if n == 2 else 1)
    measured(comparison, FakePool({"a": gone, "b": machine()}, goes={"a": 40}))
    assert query(PURPOSES) == [("measure", 12, 6)]
    [said] = comparison.lost
    assert f"block {gone.blocks[-1]} was lost with a" in said


def test_a_machine_that_comes_later_takes_part(comparison: Comparison, machine: Make) -> None:
    late = machine()
    first = machine(takes=lambda _: 10)
    measured(comparison, FakePool({"a": first, "b": late}, comes={"b": 15}))
    assert late.blocks
    assert sorted(first.blocks + late.blocks) == [1, 2, 3, 4, 5, 6]


def test_an_unlike_machine_gets_no_block_and_the_field_is_named(
    comparison: Comparison, machine: Make
) -> None:
    other = machine(card={"cpu_model": ["B"]})
    pool = FakePool({"a": other, "b": machine(), "c": machine()})
    crew = crew_of(comparison, pool)
    crew.wait_for_all()
    assert crew.out == {"a": "it is unlike the others: cpu_model B against A"}
    run_on(crew, comparison)
    assert other.blocks == []


OTHER = {"cpu_model": ["B"]}


def test_unlike_machines_have_as_many_blocks_of_each_kind_where_they_may(
    comparison: Comparison, machine: Make
) -> None:
    """However fast those of one kind are, and however many."""
    slow = machine(card=OTHER, takes=lambda _: 12)
    fast = [machine(), machine()]
    measured(comparison, FakePool({"a": slow, "b": fast[0], "c": fast[1]}), strata=True)
    assert len(slow.blocks) == len(fast[0].blocks + fast[1].blocks) == 3


def test_each_kind_learns_for_itself(comparison: Comparison, machine: Make) -> None:
    one, other = machine(), machine(card=OTHER)
    comparison.turns, comparison.capacity = True, 100.0
    measured(comparison, FakePool({"a": one, "b": other}), strata=True)
    for each in (one, other):
        assert [work.kind for work in each.works].count(Kind.LEARN) == 1
        first = next(work for work in each.works if work.kind is Kind.LEARN)
        assert first.state
        assert first.state.capacity is None  # what the other kind sustains says nothing here


def test_the_blocks_of_a_kind_that_is_lost_go_to_the_other(
    comparison: Comparison, machine: Make, query: Query
) -> None:
    gone = machine(card=OTHER, takes=lambda _: LONG)
    measured(comparison, FakePool({"a": gone, "b": machine()}, goes={"a": 40}), strata=True)
    assert query(PURPOSES) == [("measure", 12, 6)]


def test_a_kind_that_comes_late_or_compares_something_else_takes_no_part(
    comparison: Comparison, machine: Make
) -> None:
    late, strange = machine(card=OTHER), machine(card={"cpu_model": ["C"], "lock_hash": ["y"]})
    there = {"a": machine(takes=lambda _: 10), "b": late, "c": strange}
    pool = FakePool(there, comes={"b": 15})
    crew = crew_of(comparison, pool, strata=True)
    crew.wait_for_all()
    run_on(crew, comparison)
    assert crew.out == {
        "b": "the blocks began without a B",
        "c": "it is unlike the others: lock_hash y against not recorded",
    }


def test_a_machine_that_refuses_takes_no_part_and_one_that_was_killed_does(
    comparison: Comparison, machine: Make, query: Query
) -> None:
    """Exit code 4 is a refusal, -9 a kill; what either had measured is stored, in no figure."""
    refuses = machine(code=lambda n: 4 if n == 1 else 0)
    killed = machine(code=lambda n: -9 if n == 1 else 0)
    measured(comparison, FakePool({"a": refuses, "b": killed}))
    assert len(refuses.blocks) == 1
    assert len(killed.blocks) >= 6
    assert query(PURPOSES) == [
        ("broken", 4, len({refuses.blocks[0], killed.blocks[0]})),
        ("measure", 12, 6),
    ]
    assert len(comparison.lost) == 2


def test_it_ends_where_no_machine_is_left_or_a_block_is_lost_too_often(
    comparison: Comparison, machine: Make
) -> None:
    with pytest.raises(BenchError, match=r"no machine is left.*\na: the cell does not work"):
        measured(comparison, FakePool({"a": machine(code=lambda _: 4)}))
    with pytest.raises(BenchError, match="block 1 was lost 4 times"):
        measured(comparison, FakePool({"a": machine(code=lambda _: -9)}))


def test_what_a_killed_session_left_on_a_machine_is_stored_once(
    comparison: Comparison, machine: Make, query: Query
) -> None:
    """A whole block counts, a half one does not, and each is taken once."""
    earlier = machine()
    state = State.of(comparison)
    whole, half = (
        Work(
            new_id(comparison.id, f"block-{n}"),
            "a",
            ground(comparison),
            state,
            Block(n, (0, 1)),
        )
        for n in (1, 2)
    )
    left = (earlier.reply(whole).delivery, earlier.delivery(half, None))
    again = (left[0], left[0], *left)  # by two machines, say
    crew = crew_of(comparison, FakePool({"a": machine(left=again)}))
    crew.wait_for_all()
    assert query(PURPOSES) == [("broken", 2, 1), ("measure", 2, 1)]
    done = take_over(comparison, comparison.id)
    assert done == [1]
    run_on(crew, comparison, done)
    assert blocks_done(comparison) == [1, 2, 3, 4, 5, 6]
    assert query(PURPOSES) == [("broken", 2, 1), ("measure", 12, 6)]
