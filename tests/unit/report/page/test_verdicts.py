"""Verdicts on the page: which are shown, what explains them, their blocks and their noise."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.report.charts import inline
from harness.report.page import caveats
from harness.report.page.select import Selection
from harness.report.page.verdicts import release_panels
from tests.made.databases import compared, fill, released
from tests.made.html import Page, between
from tests.made.pages import undrawn, written
from tests.made.rows import Rows

UndrawnPage = Callable[[Callable[[Rows], None]], Page]


def test_verdicts_stand_first_and_the_latest_of_a_pair_counts(undrawn_page: UndrawnPage) -> None:
    def judge(rows: Rows) -> None:
        fill(rows)
        for day, kind, ratio in ((1, "slower", 0.8), (2, "equivalent", 1.01)):
            rows.experiment(f"c{day}", day, command="compare", factor="version")
            rows.verdict(
                f"c{day}",
                kind=kind,
                ratio=ratio,
                low=ratio - 0.01,
                high=ratio + 0.01,
                sentence=f"The sentence of day {day}.",
            )

    text = undrawn_page(judge).text
    assert "The sentence of day 2." in text
    assert "The sentence of day 1." not in text
    assert "Only the verdicts above compare arms" in text
    assert text.index("Verdicts") < text.index("What was run, and where")


def test_verdicts_about_cpu_lead_to_the_flamegraphs_of_both_arms(
    undrawn_page: UndrawnPage, database: Path, tmp_path: Path
) -> None:
    passes: list[str] = []

    def judge(rows: Rows) -> None:
        rows.experiment("c", command="compare", factor="version")
        rows.experiment("p")
        for arm, version in ((1, "1.0"), (2, "2.0")):
            of = {"framework_version": version}
            rows.trial("c", "alpha", **of, arm_number=arm, metrics={"drain_rate": 100.0 * arm})
            passes.append(rows.trial("p", "alpha", **of, purpose="py-spy"))
            rows.stacks(passes[-1], "py-spy", {"f (m.py:1)": 5, "g (m.py:1)": 5 * arm})
        for metric, kind in (
            ("drain_rate", "slower"),
            ("workers_cpu_per_task", "slower"),
            ("broker_cpu_per_task", "equivalent"),
        ):
            rows.verdict("c", metric=metric, kind=kind)

    page = undrawn_page(judge)
    matrix = between(page.source, 'class="wide matrix"', "</table>")
    squares = re.findall(r'<td class="n ?(\w*)" data-every="(\d)"', matrix)
    assert squares == [("", "1"), ("slower", "2")]
    assert "▼</span> 200</b><small>worse against alpha 1.0" in matrix
    typed = f"nox -s flamegraph -- {' '.join(passes)}"
    grew = "Grew most, in percentage points of the samples: g (m.py) +16.7."
    told = f"Where it goes: {typed} . {grew}"
    assert page.text.count(typed) == 1  # not beside the verdict that nothing grew
    row = between(page.text, "workers CPU per task", told)
    assert "slower . It is. experiment c" in row
    name = f"flamegraph-{'-'.join(passes)}.html"
    (tmp_path / "out" / name).write_text("made meanwhile")
    with undrawn():
        assert name in written(database, tmp_path / "out").addresses


def test_arms_of_one_interleaved_experiment_are_not_said_to_be_alone(
    undrawn_page: UndrawnPage, tmp_path: Path
) -> None:
    def measure_again(rows: Rows) -> None:
        rows.experiment("later", day=2)
        rows.trial("later", "celery", framework_version="5.3", metrics={"drain_rate": 7.0})

    foot = tmp_path / "out" / "throughput_comparison.svg"
    text = undrawn_page(lambda rows: compared(rows, "series-1")).text
    assert "measured in turns with others" in text
    assert "measured alone" not in text
    assert foot.read_text() == caveats.INTERLEAVED
    assert "arm was measured alone" in undrawn_page(measure_again).text
    assert foot.read_text() == caveats.CAVEAT


def test_a_series_is_drawn_with_its_candidates_blocks_and_noise(
    undrawn_page: UndrawnPage, tmp_path: Path
) -> None:
    def judge(rows: Rows) -> None:
        compared(rows, "series-1")
        rows.connection.execute(  # one that only drifted still stands behind the verdict
            "UPDATE trial SET status = 'invalid', reason = 'no steady state: it drifted' "
            "WHERE block = 2 AND arm_number = 1 AND purpose = 'measure'"
        )

    text = undrawn_page(judge).text
    assert (tmp_path / "out" / "version_history.png").exists()
    assert "How to read a verdict" in text
    assert "6 of 6 blocks have the higher value in celery 5.2" in text
    assert "Candidate change point, ±1 version, between 5.2 and 5.3." in text
    assert "drain_rate 1.8 %" in text  # of the slowest version's six blocks
    # five tenths of a range of 5.1 to 5.6 around 5.35
    assert "CPU loop 9.3 %, round trip 0.0 % (over 5 %" in text.replace("\xa0", " ")


def test_a_history_of_releases_is_drawn_with_the_steps_that_were_confirmed(
    undrawn_page: UndrawnPage, tmp_path: Path
) -> None:
    page = undrawn_page(released)
    assert "Over releases" in page.text
    words = between(page.source, "celery, throughput: drain rate over releases", '"')
    assert "times that of 5.3, 95 % intervals: 5.0 2025-01-31: 2.00 [" in " ".join(words.split())
    assert "5.2 2025-11-30: 1.00 [" in " ".join(words.split())
    assert (tmp_path / "out" / "version_history.png").exists()


def test_a_step_stands_between_its_two_releases(
    selected: Callable[[Callable[[Rows], None]], Selection],
) -> None:
    found = selected(released)
    [panel] = release_panels(found.history, found.history_steps)
    drawn = inline.svg(panel)
    assert "× 0.500" in drawn
    assert drawn.index("5.0  2025-01-31") < drawn.index("5.3  2026-03-26")
    assert "celery 5.2 is slower than celery 5.1" in drawn
    assert len(panel.plot().y.ticks) == 4


@pytest.mark.parametrize("python", ["3.13.0", "3.12.1"])
def test_a_later_experiment_hides_the_verdicts_of_the_same_arms_only(
    undrawn_page: UndrawnPage, python: str
) -> None:
    def judge(rows: Rows) -> None:
        compared(rows, "old")
        compared(rows, "new", day=2, python_version=python)

    text = undrawn_page(judge).text
    assert "new says faster." in text
    assert ("old says faster." in text) == (python == "3.13.0")
