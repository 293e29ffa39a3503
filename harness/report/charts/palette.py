"""Colours and markers of the arms: those of Okabe and Ito, told apart by markers too."""

INK, RULE = "#1b1d20", "#d9dbde"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
MARKERS = ("o", "s", "^", "D", "v", "P")
GLYPHS = ("●", "■", "▲", "◆", "▼", "✚")  # the markers as text


def colour(arm: int) -> str:
    return COLOURS[(arm - 1) % len(COLOURS)]


def hue(arm: int) -> str:
    """The colour as a page has it, in light and in the dark."""
    return f"var(--arm-{(arm - 1) % len(COLOURS) + 1})"


def shape(arm: int) -> int:
    """Index of an arm's marker; moves on when colours repeat, so that 36 arms differ."""
    return (arm - 1 + (arm - 1) // len(COLOURS)) % len(MARKERS)


def marker(arm: int) -> str:
    return MARKERS[shape(arm)]


def glyph(arm: int) -> str:
    return GLYPHS[shape(arm)]
