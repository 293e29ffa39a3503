"""Paths and places of a drawing in few characters: no digit that does not show."""

import re


def shortened(found: re.Match[str]) -> str:
    """A place in a drawing to a tenth of a px; a path of lines from each point to the next."""
    text = found[0]
    if "rotate(-0 " in text:
        return ""
    if text.startswith(' d="'):
        return f' d="{lines(found[1])}"' if not re.search("[CQ]", text) else rounded(text, 2)
    return rounded(text, 1)


def rounded(text: str, digits: int) -> str:
    text = re.sub(r"-?\d+\.\d+", lambda n: plain(round(float(n[0]), digits)), text)
    return re.sub(r"\s*([A-Za-z])\s+", r"\1", text) if text.startswith(' d="') else text


def plain(value: float) -> str:
    """Without a zero that says nothing."""
    return re.sub(r"^(-?)0\.", r"\1.", f"{value + 0.0:g}")


def lines(path: str) -> str:
    """A path of lines, each from the end of the one before. Tenths of a px are whole numbers here,
    so that no error adds up along the path.
    """
    parts, here, before = [], (0, 0), ""
    for letter, places in re.findall(r"([MLz])([^MLz]*)", path):
        if letter == "z":
            parts.append("z")
            before = "z"
            continue
        x, y = (round(10 * float(place)) for place in places.split())
        sign, step = ("M", [x, y]) if letter == "M" else stepped(x - here[0], y - here[1])
        parts += ["" if sign == before else sign, " ".join(plain(n / 10) for n in step), " "]
        here, before = (x, y), sign
    return re.sub(r" (?=[-a-zM]|$)", "", "".join(parts))


def stepped(across: int, down: int) -> tuple[str, list[int]]:
    """The shortest command of a path for a step."""
    if down == 0:
        return "h", [across]
    return ("v", [down]) if across == 0 else ("l", [across, down])
