"""Colours and markers of the arms.

Ten colours, searched so that any two differ by 19 in CIELAB for every kind of colour vision and
each has a contrast of 3:1 to the page; ``test_palette.py`` holds them to it. Markers tell arms
apart too.
"""

INK, RULE = "#1b1d20", "#d9dbde"
COLOURS = (
    *("#0072b2", "#d55e00", "#9c1371", "#a98b55", "#484f13"),
    *("#ff3a8d", "#1326ff", "#743440", "#7208b2", "#ff1ee0"),
)
# On a dark page; the same number is the same arm, not the same hue.
DARK = (
    *("#56b4e9", "#ff8a3d", "#f9e606", "#a54964", "#bcef90"),
    *("#8236eb", "#ffa7b6", "#c22b15", "#a98e5f", "#136cb6"),
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
GLYPHS = ("●", "■", "▲", "◆", "▼", "✚", "✖", "★")  # the markers as text


def colour(arm: int) -> str:
    return COLOURS[(arm - 1) % len(COLOURS)]


def hue(arm: int) -> str:
    """The colour as a page has it, in light and in the dark."""
    return f"var(--arm-{(arm - 1) % len(COLOURS) + 1})"


def shape(arm: int) -> int:
    """Index of an arm's marker; moves on when colours repeat, so that 80 arms differ."""
    return (arm - 1 + (arm - 1) // len(COLOURS)) % len(MARKERS)


def marker(arm: int) -> str:
    return MARKERS[shape(arm)]


def glyph(arm: int) -> str:
    return GLYPHS[shape(arm)]
