"""Answers in words: on a terminal and on the page alike."""

from harness.cli.claims import Measurement, Region
from harness.cli.numbers import number
from harness.judge.reproduction import Figure
from harness.report.claims.answers import Answer


def unit_of(asked: Measurement) -> str:
    """Of its figure; a ratio has none."""
    return "" if asked.over else f" {asked.unit}"


def figure_words(asked: Measurement, found: Figure) -> str:
    """``4.82 [4.51, 5.10]``, and the unit; a dash without an interval."""
    if found.value is None or found.low is None or found.high is None:
        return "–"
    ends = f"[{number(found.low)}, {number(found.high)}]"
    return f"{number(found.value)} {ends}{unit_of(asked)}"


def region_words(region: Region) -> str:
    """``at least 4``, ``at most 2``, ``0.95 to 1.05``."""
    if region.high == float("inf"):
        return f"at least {region.low:g}"
    if region.low == 0:
        return f"at most {region.high:g}"
    return f"{region.low:g} to {region.high:g}"


def sentence(found: Answer) -> str:
    """Finding, figure, and what keeps it undecided."""
    words = f"{found.finding}: {figure_words(found.measurement, found.figure)}"
    return f"{words}; {found.why}" if found.why else words
