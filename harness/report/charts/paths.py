"""Paths and places of a drawing in few characters: no digit that does not show."""

import re
from collections.abc import Iterable


def plain(value: float) -> str:
    """Without a zero that says nothing."""
    return re.sub(r"^(-?)0\.", r"\1.", f"{value + 0.0:g}")


def path(places: Iterable[tuple[float, float]]) -> str:
    """Lines from each place to the next, to a tenth of a px. Tenths are whole numbers here, so that
    no error adds up along the path.
    """
    parts, here, before = [], (0, 0), ""
    for number, place in enumerate(places):
        x, y = (round(10 * each) for each in place)
        sign, step = stepped(x - here[0], y - here[1]) if number else ("M", [x, y])
        parts += ["" if sign == before else sign, " ".join(plain(n / 10) for n in step), " "]
        here, before = (x, y), sign
    return re.sub(r" (?=[-a-zM]|$)", "", "".join(parts))


def stepped(across: int, down: int) -> tuple[str, list[int]]:
    """The shortest command of a path for a step."""
    if down == 0:
        return "h", [across]
    return ("v", [down]) if across == 0 else ("l", [across, down])
