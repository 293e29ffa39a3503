"""What is drawn of a scenario has a title, and every title is of something drawn."""

import pytest

from harness.scenario.catalogue import load_scenarios
from harness.scenario.chart import TITLES, Chart, drawn


def test_a_metric_is_drawn_under_its_title_or_another() -> None:
    rate, lost = drawn("drain_rate", Chart("lost", "Seconds without a tick"))
    assert (rate.metric, rate.title) == ("drain_rate", "Drain rate")
    assert (lost.metric, lost.title) == ("lost", "Seconds without a tick")


def test_a_metric_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match="speed_of_light has no title: say one here"):
        drawn("speed_of_light")


def test_titles_are_of_metrics_that_are_drawn() -> None:
    charts = [each for one in load_scenarios().values() for each in (*one.charts, *one.by_broker)]
    assert {chart.metric for chart in charts if not chart.called} == set(TITLES)
