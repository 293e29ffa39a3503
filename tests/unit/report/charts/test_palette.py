"""Ten arms are told apart by everybody, on light pages and on dark ones."""

import re
from itertools import combinations

import numpy as np
import pytest

from harness.measure.layouts import Array
from harness.report.charts.palette import COLOURS, DARK, GLYPHS, MARKERS, colour, marker
from harness.report.render import TEMPLATES

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SEEN = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
PAGES = {"light": (COLOURS, "#ffffff"), "dark": (DARK, "#17191c")}
LEAST_DIFFERENCE, LEAST_CONTRAST = 19.0, 3.0  # of CIELAB; WCAG 2.2, 1.4.11


def linear(hexadecimal: str) -> Array:
    shares = np.array([int(hexadecimal[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    found: Array = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return found


def lab(rgb: Array) -> Array:
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = root
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    light = sorted(float(TO_XYZ[1] @ linear(each)) for each in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("sight", SEEN)
def test_any_two_of_ten_colours_differ(page: str, sight: str) -> None:
    places = {each: lab(SEEN[sight] @ linear(each)) for each in PAGES[page][0]}
    assert len(places) == 10
    close = {
        (a, b): float(np.linalg.norm(places[a] - places[b])) for a, b in combinations(places, 2)
    }
    nearest = min(close, key=lambda pair: close[pair])
    assert close[nearest] >= LEAST_DIFFERENCE, (nearest, close[nearest])


@pytest.mark.parametrize("page", PAGES)
def test_every_colour_stands_out_from_its_page(page: str) -> None:
    colours, paper = PAGES[page]
    assert {
        each: contrast(each, paper) for each in colours if contrast(each, paper) < LEAST_CONTRAST
    } == {}


def test_the_check_would_find_colours_that_look_alike() -> None:
    """The green and the orange of Okabe and Ito's six to one who sees no red."""
    seen = [lab(SEEN["deuteranopia"] @ linear(each)) for each in ("#009e73", "#cc79a7")]
    assert np.linalg.norm(seen[0] - seen[1]) < LEAST_DIFFERENCE


def test_eighty_arms_differ_in_colour_or_marker() -> None:
    assert len({(colour(arm), marker(arm)) for arm in range(1, 81)}) == 80
    assert len(MARKERS) == len(GLYPHS)


def test_the_page_has_the_same_colours() -> None:
    found = re.findall(r"--arm-\d+: (#\w+);", (TEMPLATES / "page.css").read_text())
    assert tuple(found) == (*COLOURS, *DARK)
