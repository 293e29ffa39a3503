"""Verdicts and candidates as the database keeps them."""

from collections.abc import Iterator, Sequence

from harness.experiment.comparison.comparison import Comparison, Key
from harness.experiment.comparison.judging import Judged
from harness.experiment.comparison.series import ChangeCandidate
from harness.store.database import open_database
from harness.store.ingest import insert_row
from harness.store.queries import sql
from harness.store.rows import Row


def verdict_rows(comparison: Comparison, judged: Sequence[Judged]) -> Iterator[Row]:
    for key, pair, verdict in judged:
        yield metric_row(comparison, key) | {
            "baseline_arm": pair.baseline,
            "candidate_arm": pair.candidate,
            "baseline": comparison.name(pair.baseline),
            "candidate": comparison.name(pair.candidate),
            "margin": comparison.primary(key).margin,
            **vars(verdict),
            "kind": str(verdict.kind),
        }


def candidate_rows(comparison: Comparison, candidates: Sequence[ChangeCandidate]) -> Iterator[Row]:
    for found in candidates:
        yield metric_row(comparison, found.key) | {
            "before_arm": found.before,
            "after_arm": found.after,
            "before": comparison.name(found.before),
            "after": comparison.name(found.after),
            "ratio": found.ratio,
            "p": found.p,
            "sentence": found.sentence(comparison),
        }


def metric_row(comparison: Comparison, key: Key) -> Row:
    """What a row is about."""
    return {
        "experiment_id": comparison.id,
        "scenario": key.scenario,
        "point": key.point,
        "point_number": comparison.point(key.load).number,
        "metric": key.metric,
    }


def store_conclusions(
    comparison: Comparison, verdicts: Sequence[Row], candidates: Sequence[Row]
) -> None:
    """Replace the experiment's verdicts: going on with it judges anew."""
    asked = {"experiment": comparison.id}
    with open_database(comparison.database) as connection:
        connection.begin()
        connection.execute(sql("forget_verdicts"), asked)
        connection.execute(sql("forget_change_points"), asked)
        for row in verdicts:
            insert_row(connection, "verdict", row)
        for row in candidates:
            insert_row(connection, "change_point", row)
        connection.commit()
