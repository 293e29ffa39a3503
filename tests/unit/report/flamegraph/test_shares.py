"""Shares of one pass or of two: they sum to one, and their differences to nothing."""

from pathlib import Path

import pytest

from harness.report.flamegraph.groups import GROUPS
from harness.report.flamegraph.shares import (
    LEAST,
    Compared,
    compare_passes,
    group_shares,
    rankings,
    share,
    signed,
)
from harness.report.flamegraph.view import group_rows
from harness.store.database import open_database
from tests.made.flames import Known
from tests.made.rows import Rows


@pytest.fixture(scope="module")
def both(known: Known) -> Compared:
    """The CPU of both versions."""
    return compared(known, "1.0 py-spy", "2.0 py-spy")


def compared(known: Known, base: str, head: str | None) -> Compared:
    with open_database(known.database, read_only=True) as connection:
        trials = known.trials[base], known.trials[head] if head else None
        return compare_passes(connection, "py-spy", *trials)


def compared_alone(database: Path, tool: str, frames: str) -> Compared:
    """A pass of one stack."""
    with open_database(database) as connection:
        Rows(connection).stacks("t", tool, {frames: 5})
        return compare_passes(connection, tool, "t", None)


def test_shares_sum_to_one_and_differences_to_nothing(both: Compared) -> None:
    assert sum(stack.base_share for stack in both.stacks) == pytest.approx(1)
    assert sum(stack.head_share for stack in both.stacks) == pytest.approx(1)
    assert sum(stack.gained for stack in both.stacks) == pytest.approx(0)


def test_lines_and_processes_are_put_together(both: Compared) -> None:
    found = {stack.frames: stack for stack in both.stacks}
    assert set(found) == {
        "main (app.py)",
        "main (app.py);get (redis/client.py)",
        "main (app.py);log (rich/text.py);sub (re/__init__.py)",
    }
    get = found["main (app.py);get (redis/client.py)"]
    assert (get.base, get.head) == (40, 15)
    assert get.gained == pytest.approx(0.75 - 0.4)


def test_a_single_pass_has_no_other_side(known: Known) -> None:
    found = compared(known, "2.0 py-spy", None).stacks
    assert sum(stack.base_share for stack in found) == pytest.approx(1)
    assert {stack.head for stack in found} == {0}


def test_functions_have_own_and_inclusive_shares(both: Compared) -> None:
    found = {function.function: function for function in both.functions}
    main, log = found["main (app.py)"], found["log (rich/text.py)"]
    assert (main.base_self, main.base_inclusive) == (0, 1)
    assert main.head_self == pytest.approx(0.25)
    assert log.base_self == 0
    assert log.gained_inclusive == pytest.approx(-0.6)
    assert sum(function.gained_self for function in both.functions) == pytest.approx(0)


def test_a_function_that_recurs_counts_once(database: Path) -> None:
    found = compared_alone(database, "py-spy", "f (a.py:1);g (a.py:2);f (a.py:1)").functions
    shares = {function.function: function for function in found}
    assert shares["f (a.py)"].base_inclusive == 1
    assert shares["g (a.py)"].base_self == 0


def test_the_import_machinery_is_left_out_unless_it_is_innermost(database: Path) -> None:
    load = "_load (<frozen importlib._bootstrap>:1)"
    code = "get_code (<frozen importlib._bootstrap_external>:2)"
    folded = f"<module> (a.py:1);{load};{load};<module> (b.py:3);{load};{code}"
    (found,) = compared_alone(database, "memray", folded).stacks
    assert found.frames == (
        "<module> (a.py);<module> (b.py);get_code (<frozen importlib._bootstrap_external>)"
    )


def test_rankings_name_what_grew_and_what_shrank(both: Compared) -> None:
    made = rankings(both.functions, two=True)
    named = {r.caption: [function.function for function in r.functions] for r in made}
    assert named["Grew most by own share"] == ["get (redis/client.py)", "main (app.py)"]
    assert named["Shrank most by own share"] == ["sub (re/__init__.py)"]
    assert named["Shrank most by inclusive share"] == ["log (rich/text.py)", "sub (re/__init__.py)"]
    assert all(abs(share("gained", r.by)(f)) >= LEAST for r in made for f in r.functions)


def test_shares_of_groups_sum_to_one(both: Compared) -> None:
    shares = group_shares(both.stacks)
    assert tuple(shares) == GROUPS
    assert list(shares["logging"]) == pytest.approx([0.6, 0])
    assert sum(base for base, _ in shares.values()) == pytest.approx(1)
    made = group_rows(both.stacks, [100, 20], "py-spy")
    assert {g.name: g.amounts for g in made}["client library"] == ["40 samples", "15 samples"]
    assert sum(group.gained for group in made) == pytest.approx(0)


def test_points_have_a_sign_unless_they_round_to_nothing() -> None:
    assert [signed(x) for x in (0.123, -0.02, 0.0001)] == ["+12.3", "−2.0", "±0.0"]
