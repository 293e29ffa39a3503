"""Shapes of the markers of arms, as SVG paths around their middle."""

import math
from collections.abc import Sequence
from functools import cache

from harness.report.charts.paths import plain

STROKED = {"x"}  # a sign that is lines, not a surface
PLUS = ((-1, -3), (1, -3), (1, -1), (3, -1), (3, 1), (1, 1), (1, 3), (-1, 3), (-1, 1), (-3, 1),
        (-3, -1), (-1, -1))  # fmt: skip
STAR = tuple(
    (math.sin(n * math.pi / 5) * (1 if n % 2 == 0 else 0.4),
     -math.cos(n * math.pi / 5) * (1 if n % 2 == 0 else 0.4))
    for n in range(10)
)  # fmt: skip
# Corners, within a circle or square of radius 1.
CORNERS: dict[str, Sequence[tuple[float, float]]] = {
    "s": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "^": ((0, -1), (1, 1), (-1, 1)),
    "v": ((0, 1), (1, -1), (-1, -1)),
    "D": ((0, -1.41), (1.41, 0), (0, 1.41), (-1.41, 0)),
    "P": [(x / 2.6, y / 2.6) for x, y in PLUS],
    "X": [((x - y) / 3.4, (x + y) / 3.4) for x, y in PLUS],
    "*": [(1.3 * x, 1.3 * y) for x, y in STAR],
}


@cache
def outline(sign: str, size: float) -> str:
    """The path of a sign so many px wide."""
    half = size / 2
    if sign in {"o", "."}:
        radius = half if sign == "o" else half / 2
        r, two = plain(round(radius, 2)), plain(round(2 * radius, 2))
        return f"M-{r} 0a{r} {r} 0 1 0 {two} 0a{r} {r} 0 1 0 -{two} 0z"
    if sign == "x":
        h = plain(round(half, 2))
        return f"M-{h} -{h}L{h} {h}M-{h} {h}L{h} -{h}"
    places = [f"{plain(round(half * x, 2))} {plain(round(half * y, 2))}" for x, y in CORNERS[sign]]
    return f"M{'L'.join(places)}z"
