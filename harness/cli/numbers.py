"""Figures and names as a person reads them."""


def number(value: float) -> str:
    """Three significant digits (two below 0.1), thousands separated, never in powers of ten."""
    size, value = abs(value), value + 0.0  # no minus before a zero
    if size >= 99.95 or value == 0:
        return f"{value:,.0f}"
    if size >= 0.9995:
        return f"{value:.1f}" if size >= 9.995 else f"{value:.2f}"
    if size >= 0.0001:
        return f"{value:.3f}" if size >= 0.1 else f"{value:.2g}"
    return "< 0.0001" if value > 0 else "> −0.0001"


def in_words(name: str) -> str:
    """The name of a scenario or metric without its underlines."""
    return name.replace("_", " ")
