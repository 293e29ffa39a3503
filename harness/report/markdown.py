"""Markdown of what was measured: tables, and figures that lead to their trials where a site has
them.
"""

from collections.abc import Callable, Iterable, Sequence

from harness.report.rows.of_cell import OfArm

Behind = Callable[[OfArm], str]  # the address of an arm's trials, empty where there is none


def nowhere(_arm: OfArm) -> str:
    """In the repository a figure leads nowhere."""
    return ""


def linked(words: str, address: str) -> str:
    return f"[{words}]({address})" if address else words


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
