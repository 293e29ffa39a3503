"""Paths in few characters: no place moves."""

import re

import numpy as np
import pytest

from harness.report.charts.paths import path as path_of


def ends(path: str) -> list[tuple[float, float]]:
    """The points of a path as a browser understands it."""
    found, here = [], [0.0, 0.0]
    for letter, places in re.findall(r"([Mhvlz])([^Mhvlz]*)", path):
        values = [float(v) for v in re.findall(r"-?[\d.]+", places)]
        straight = {"h": [(v, 0.0) for v in values], "v": [(0.0, v) for v in values]}
        steps = straight.get(letter) or list(zip(values[::2], values[1::2], strict=True))
        for across, down in steps:
            here = [across, down] if letter == "M" else [here[0] + across, here[1] + down]
            found.append((here[0], here[1]))
    return found


def test_a_path_of_steps_goes_where_the_path_of_places_went() -> None:
    rng = np.random.default_rng(1)
    places = np.column_stack([np.arange(2_000) * 0.04, rng.integers(0, 3, 2_000) - 0.26])
    drawn = "M" + "L".join(f"{x:.6f} {y:.6f} " for x, y in places)
    short = path_of([(x, y) for x, y in places.tolist()])
    assert np.abs(np.array(ends(short)) - places).max() <= 0.05 + 1e-9
    assert len(short) < len(drawn) / 3


@pytest.mark.parametrize(
    ("places", "short"),
    [
        ([(0, 200), (340, 200), (340, 0), (0, 0)], "M0 200h340v-200h-340"),
        ([(1.5, 1), (2, 1.26), (3.1, 0.5)], "M1.5 1l.5 .3 1.1-.8"),
    ],
)
def test_the_shortest_command_is_taken(places: list[tuple[float, float]], short: str) -> None:
    assert path_of(places) == short
