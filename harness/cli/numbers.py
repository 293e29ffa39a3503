"""Figures and names as a person reads them."""

MIB = 1_048_576
UNITS = {"bytes": "MiB", "bytes/h": "MiB/h", "us": "µs", "1": ""}


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
    return " ".join("CPU" if word == "cpu" else word for word in name.split("_"))


def figure(value: float, unit: str) -> str:
    """With its unit as a person reads it, as ``report_units.sql`` has it for pages: ``123 µs`` for
    123 us, ``64.0 MiB`` for as many bytes, and nothing after a mere number.
    """
    shown = number(value / MIB if unit in ("bytes", "bytes/h") else value)
    return f"{shown} {UNITS.get(unit, unit)}".rstrip()
