"""Temporary tables and views that the queries of a report read."""

from collections.abc import Iterator, Sequence

import duckdb

from harness.scenario.catalogue import load_scenarios
from harness.scenario.point import FULL
from harness.store.queries import sql
from harness.store.rows import Row

# Of arms, trials and their figures: what every report begins with.
FIGURES = (
    "wanted",
    "arm",
    "arm_trial",
    "shown",
    "shown_trial",
    "shown_verdict",
    "units",
    "shown_metric",
)
LATENESS = "lateness_p50"  # the primary metric of a scenario whose tasks are due at a time


def make_tables(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], experiment: str | None = None
) -> None:
    """Those of the queries ``names``, in order; about one experiment, or about all."""
    known = {"experiment": experiment, "due": list(due())}
    for name in names:
        text = sql(name)
        asked = {each: value for each, value in known.items() if f"${each}" in text}
        connection.execute(text, asked or None)


def due() -> Iterator[Row]:
    """The points whose tasks are due at a time: so long after they are sent, ``delay_s``, or after
    they failed, ``back_off_s``, which doubles each time.
    """
    for scenario in load_scenarios().values():
        for point in scenario.points(FULL) if LATENESS in scenario.primary_names else ():
            yield {
                "scenario": scenario.name,
                "point": point.label,
                "delay_s": point.options.get("delay_s"),
                "back_off_s": point.wants.get("retry_s"),
            }
