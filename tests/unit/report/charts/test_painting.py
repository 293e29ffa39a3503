"""A plot as matplotlib paints it: the same marks as on the page."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from harness.report.charts.painting import paint
from harness.report.charts.plot import EDGE, Band, Box, Item, Line, Plot, Spot, Words


def painted(*items: Item) -> Axes:
    plot = Plot(upright=False)
    plot.x.log_of([1, 100], "x")
    plot.y.ends(0, 10)
    plot.y.label, plot.y.grid = "tasks/s", True
    plot.add(*items)
    axes = Figure().add_subplot()
    paint(plot, axes)
    return axes


def test_axes_have_their_ends_ticks_and_names() -> None:
    axes = painted()
    assert (axes.get_xlim(), axes.get_ylim()) == ((1, 100), (0, 10))
    assert [text.get_text() for text in axes.get_xticklabels()] == ["1", "10", "100"]
    assert (axes.get_xscale(), axes.get_ylabel()) == ("log", "tasks/s")
    assert not axes.spines["left"].get_visible()


def test_every_kind_of_mark_is_painted() -> None:
    spot = Spot(x=2, y=0.05, sign="x", colour="red", of_height=True)
    axes = painted(
        Line(xs=[5, 5], ys=[-EDGE, EDGE], colour="red", dashed=True),
        spot,
        Spot(x=2, y=3, sign="o", colour="red", hollow=True),
        Spot(x=2, y=3, sign="o", colour="red", unseen=True),
        Box(x=(1, EDGE), y=(2, 3), colour="red"),
        Box(x=(2, 4), y=(2, 3), colour="red", frame=True),
        Band(xs=[1, 2], lows=[1, 1], highs=[2, 3], colour="red"),
        Words(x=5, y=5, text="an arm", shift=(7, 0), bold=True),
    )
    line, cross, hollow = axes.lines  # what only has words has no place in a picture
    assert np.asarray(line.get_ydata()).tolist() == [0, 10]
    assert cross.get_transform() == axes.get_xaxis_transform()
    assert hollow.get_markerfacecolor() == "none"
    box, frame = axes.patches
    assert box.get_window_extent().width > frame.get_window_extent().width
    assert len(axes.collections) == 1
    assert [text.get_text() for text in axes.texts] == ["an arm"]


def test_an_unknown_mark_is_an_error() -> None:
    with pytest.raises(TypeError):
        painted(Item())
