"""What is drawn over time: which loads, what they are said to be, faults and recoveries."""

from collections.abc import Callable

from harness.report.page.figures import Figure as PageFigure
from harness.report.page.over_time import MOST_LOADS
from harness.report.page.sections import section
from harness.report.page.select import Selection
from tests.made.databases import fill_recovery
from tests.made.rows import Rows

Selected = Callable[[Callable[[Rows], None]], Selection]


def figure(found: Selection, scenario: str, title: str) -> PageFigure:
    [drawn] = [f for f in section(found, scenario).figures if f.title == title]
    return drawn


def test_the_first_loads_are_drawn_and_the_others_counted(selected: Selected) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("a")
        for number in range(1, 6):
            trial = rows.trial(
                "a",
                "alpha",
                scenario="serialization",
                point=f"form {number}",
                point_number=number,
                metrics={"drain_rate": 5.0},
            )
            rows.tasks(trial, 41, 1_000, every_ms=500)
            rows.samples(trial, 20)

    found = selected(fill)
    over_time = figure(found, "serialization", "CPU and memory over time")
    words = [panel.words for panel in over_time.panels]
    said = "cores: alpha 1.0 up to 0.500, at the end 0.500"
    assert f"CPU, workers over time, CPU, workers: Form 1, {said}" in words
    assert sum(w.startswith("Memory (PSS), workers over time") for w in words) == MOST_LOADS
    assert over_time.caption.endswith("2 more loads are not drawn.")
    depth = figure(found, "serialization", "Tasks at the broker")
    said = "Tasks at the broker over time, Form 3, tasks: alpha 1.0 up to 9.00, at the end 9.00"
    assert depth.panels[2].words == said


def test_completions_are_drawn_with_the_fault_and_the_recovery(selected: Selected) -> None:
    [panel] = figure(selected(fill_recovery), "recovery", "Tasks completed over time").panels
    assert "Tasks completed over time, Broker paused, tasks/s: alpha 1.0 up to 10" in panel.words
    told = [item.tag.words for item in panel.plot().items]
    # the upright and the mark above; the trial that knows neither has none
    assert told.count("alpha 1.0: fault after 3.00 s, well again at 5.00 s") == 2
    assert len(told) == 2 + 2


def test_completions_are_drawn_with_the_moment_of_a_roll_out(selected: Selected) -> None:
    def fill(rows: Rows) -> None:
        rows.experiment("a")
        at = {"scenario": "deploy", "point": "short tasks", "metrics": {"fault_after": 5.0}}
        rows.tasks(rows.trial("a", "alpha", **at), 1_000, 70, every_ms=10)

    [panel] = figure(selected(fill), "deploy", "Tasks completed over time").panels
    assert panel.words.endswith("alpha 1.0: fault after 5.00 s")
