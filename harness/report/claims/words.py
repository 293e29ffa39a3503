"""Answers in words: on a terminal and on the page alike."""

from harness.cli.claims import Measurement, Region
from harness.cli.numbers import number
from harness.judge.reproduction import Figure
from harness.report.claims.answers import ClaimAnswer

NOT_MEASURED = "not measured yet"


def figure_words(asked: Measurement, found: Figure, unit: str | None = None) -> str:
    """``4.82 [4.51, 5.10] times``, or with the unit of the metric; a dash without an interval."""
    if found.value is None or found.low is None or found.high is None:
        return "–"
    ends = f"[{number(found.low)}, {number(found.high)}]"
    return f"{number(found.value)} {ends} {unit or unit_of(asked)}"


def unit_of(asked: Measurement) -> str:
    """Of its figure."""
    return "times" if asked.over else asked.unit


def region_words(region: Region) -> str:
    """``at least 4``, ``at most 2``, ``0.95 to 1.05``."""
    if region.high == float("inf"):
        return f"at least {region.low:,g}"
    if region.low == 0:
        return f"at most {region.high:,g}"
    return f"{region.low:,g} to {region.high:,g}"


def told(found: ClaimAnswer) -> str:
    """``not reproduced: 1.01 [0.98, 1.04] times``, and what keeps it undecided."""
    if not found.experiment:
        return NOT_MEASURED
    figure = figure_words(found.measurement, found.figure) if found.figure.low else ""
    return f"{found.finding}: {'; '.join(filter(None, [figure, found.why]))}"


def finding_words(found: ClaimAnswer) -> str:
    """``not reproduced: 1.01 [0.98, 1.04] times``; the finding alone without an interval."""
    if not found.experiment:
        return NOT_MEASURED
    if not found.figure.low:
        return str(found.finding)
    return f"{found.finding}: {figure_words(found.measurement, found.figure)}"


def because(found: ClaimAnswer) -> str:
    """What keeps it undecided, after a colon; empty where nothing does."""
    return f": {found.why}" if found.experiment and found.why else ""
