"""From a database to a folder: what is said meanwhile, what is left, what cannot be written."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.report.page.build import build
from infrastructure.errors import BenchError
from tests.made.html import Page
from tests.made.pages import undrawn, write_report
from tests.made.rows import Rows, filling

UndrawnPage = Callable[[Callable[[Rows], None]], Page]


def test_who_waits_for_a_page_is_told_how_far_it_is(database: Path, tmp_path: Path) -> None:
    with filling(database) as rows:
        rows.experiment("e")
        for scenario in ("throughput", "cpu_bound"):
            rows.trial("e", "alpha", scenario=scenario, metrics={"drain_rate": 1.0})
    said: list[str] = []
    with undrawn():
        build(database, tmp_path / "out", said.append)
    assert "drawing throughput, 1 of 2" in said
    assert any(re.fullmatch(r"drawing cpu_bound, 2 of 2, about \d+:\d\d left", s) for s in said)


def test_scenarios_without_a_file_or_a_valid_trial_are_shown(
    undrawn_page: UndrawnPage, tmp_path: Path
) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("a")
        rows.trial("a", "alpha", scenario="bygone", status="failed", reason="no worker came up")

    out = tmp_path / "out"
    out.mkdir()
    (out / "resource_usage.png").write_text("of an earlier report")
    assert "alpha 1.0 no valid trial: no worker came up 0 of 1 ok" in undrawn_page(fill).text
    assert [p.name for p in out.iterdir()] == ["index.html"]


def test_a_folder_that_cannot_be_written_is_an_error(two_arms: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with undrawn(), pytest.raises(BenchError, match="name another folder with --out"):
        write_report(two_arms, tmp_path / "file" / "out")


def test_nothing_is_made_where_nothing_is_shown(two_arms: Path, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no measuring trial of experiment"):
        write_report(two_arms, tmp_path / "out", "odl")
    assert not (tmp_path / "out").exists()


def test_missed_aims_of_the_harness_stand_beside_the_results(undrawn_page: UndrawnPage) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("a")
        rows.trial("a", "alpha", metrics={"drain_rate": 5.0})
        rows.experiment("s", command="selfbench")
        found = {"scenario": "selfbench", "purpose": "selfbench"}
        costly = rows.trial("s", "stub", **found, remarks="observer_effect_alpha: 4 %, aim ≤ 2")
        rows.insert("metric", trial_id=costly, name="observer_effect_alpha", value=4.0, unit="%")

    text = undrawn_page(fill).text
    assert "Aims missed on this machine" in text
    assert "observer_effect_alpha: 4 %, aim ≤ 2" in text


def proved(
    rows: Rows,
    name: str,
    passed: list[bool],
    day: int = 1,
    sentence: str = "what was done",
    **session: str,
) -> None:
    """A session that proved something: checks that passed, or did not."""
    rows.experiment(name, day, command="validate", **session)
    for position, each in enumerate(passed, 1):
        rows.insert(
            "proof",
            experiment_id=name,
            position=position,
            name=f"{name}, check {position}",
            found=3.0,
            unit="faults",
            bar=0.0,
            at_most=True,
            passed=each,
            seconds=2.0,
            sentence=sentence,
        )


def test_the_proof_is_shown_missed_checks_first(undrawn_page: UndrawnPage) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("a")
        rows.trial("a", "alpha", metrics={"drain_rate": 5.0})

    assert "Not run yet: nox -s validate" in undrawn_page(fill).text
    text = undrawn_page(lambda rows: proved(rows, "one", [True, False])).text
    assert "1 of 2 checks passed (full size, 2026-03-01)" in text
    assert "Missed: one, check 2." in text
    assert text.rindex("one, check 2") < text.rindex("one, check 1")


def test_a_long_sentence_of_a_check_is_folded(undrawn_page: UndrawnPage) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("a")
        rows.trial("a", "alpha", metrics={"drain_rate": 5.0})
        proved(rows, "one", [True], sentence="; ".join(f"ratio {n}" + "!" * 60 for n in (1, 2, 3)))

        proved(rows, "two", [True], 2, sentence="turns; alone", size="turns")

    page = undrawn_page(fill)
    assert "<summary>2 more</summary><ul><li>ratio 2!" in page.source
    assert "turns; alone" in page.text


def test_the_latest_proof_of_turns_stands_beside_the_latest_other_one(
    undrawn_page: UndrawnPage,
) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("a")
        rows.trial("a", "alpha", metrics={"drain_rate": 5.0})
        proved(rows, "old", [True], 1, size="default")
        proved(rows, "new", [True], 2, size="default")
        proved(rows, "turns", [False], 3, size="turns")

    text = undrawn_page(fill).text
    assert "1 of 2 checks passed (default size, 2026-03-02; in turns, 2026-03-03)" in text
    assert "Missed: turns, check 1." in text
    assert "old, check 1" not in text


def test_locks_and_packages_that_differ_are_named(undrawn_page: UndrawnPage) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("a")
        for framework, kombu in (("alpha", "5.1"), ("beta", "5.2")):
            rows.trial("a", framework, lock_hash=f"lock of {framework}")
            rows.packages("a", framework, {"kombu": kombu, "redis": "7.0", framework: "1.0"})

    text = undrawn_page(fill).text
    assert "lock file alpha 1.0 lock of alph lock file beta 1.0 lock of beta" in text
    packages = text[text.index("Packages that arms have in different versions") :]
    named = "Package Arm Version kombu alpha 1.0 5.1 kombu beta 1.0 5.2 alpha 1.0: 3 packages"
    assert named in packages
