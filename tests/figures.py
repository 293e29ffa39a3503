"""``python -m tests.figures PLACE...``: is there a throughput figure of every pair?

A pair is a framework and a broker that it supports. Every trial of ``throughput`` counts that is
stored in these places (databases, folders of exports). With ``--into DATABASE`` what is missing is
measured there, by one small trial each, in the time that ``--seconds`` gives: so it can be run in
pieces. A pair that was tried is not tried again before all others; ``--again`` tries those without
a figure once more. The exit code is 1 while a pair has none.
"""

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.cli.matrix import read_matrix
from harness.experiment.cleanup import guarded
from harness.prove.lone import BACKLOG, lone_plan, lone_setup
from harness.scenario.point import QUICK, Point
from harness.store.vocabulary import Purpose
from harness.trial.steps import run_trial
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BenchError, UsageError
from tests.conftest import newest_arm
from tests.integration.trials import EVERY_PAIR
from tests.stored import rows_of

SMALL = replace(QUICK, name="small", tasks=2_000, idle_gate_s=0, drain_s=8.0)
USUAL_S = 25.0  # of such a trial, roughly
STORED = """
    SELECT
        trial_id, framework, split_part(broker, ' ', 1), status, reason,
        (SELECT value FROM metric WHERE metric.trial_id = t.trial_id AND name = 'drain_rate')
    FROM trial t
    WHERE scenario = 'throughput' AND purpose = 'measure'
    ORDER BY started_at
"""

type Pair = tuple[str, str]


@dataclass
class Known:
    """Of a pair: its figures (tasks/s), and why the latest trial without one has none."""

    rates: list[float] = field(default_factory=list)
    why: str = ""


def known_in(places: Sequence[Path]) -> dict[Pair, Known]:
    found = defaultdict[Pair, Known](Known)
    for _, framework, broker, status, reason, rate in rows_of(places, STORED):
        pair = found[framework, broker]
        if status == "ok" and rate:
            pair.rates.append(rate)
        else:
            pair.why = f"{status}: {reason}"
    return found


def measure_missing(
    database: Path, known: dict[Pair, Known], seconds: float, *, again: bool
) -> None:
    """Pairs of which nothing is known, then, where asked ``again``, those without a figure."""
    deadline = time.monotonic() + seconds
    without = [pair for pair in EVERY_PAIR if not (pair in known and known[pair].rates)]
    fresh = [pair for pair in without if pair not in known]
    tried = [pair for pair in without if pair in known] if again else []
    with guarded(database):
        for pair in (*fresh, *tried):
            if time.monotonic() + USUAL_S > deadline:
                return
            print(f"{' / '.join(pair)}: {one_trial(database, *pair)}", flush=True)


def one_trial(database: Path, framework: str, broker: str) -> str:
    """What came of it, in words."""
    try:
        choice = BrokerChoice(broker, "auto").settled()
        arm = newest_arm(read_matrix(), framework, choice)
        setup = lone_setup(database, arm, BACKLOG, "bench", seed=7)
    except (BenchError, UsageError) as error:
        return str(error).splitlines()[0]
    outcome = run_trial(setup, lone_plan(setup, BACKLOG, Purpose.MEASURE, Point(SMALL)))
    rate = outcome.metrics.get("drain_rate", 0.0)
    return f"{outcome.status} {rate:,.0f} tasks/s {outcome.reason or ''}".strip()


def table(known: dict[Pair, Known]) -> int:
    """Print it; how many pairs have no figure."""
    missing = 0
    for framework, broker in EVERY_PAIR:
        pair = known.get((framework, broker), Known())
        missing += not pair.rates
        said = (
            f"{statistics.median(pair.rates):10,.0f} tasks/s of {len(pair.rates)}"
            if pair.rates
            else f"{'–':>10} {pair.why or 'not tried'}"
        )
        print(f"{framework:14}{broker:12}{said}")
    print(f"{len(EVERY_PAIR) - missing} of {len(EVERY_PAIR)} pairs have a figure")
    return missing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", type=Path, nargs="*", metavar="PLACE")
    parser.add_argument("--into", type=Path, metavar="DATABASE")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--again", action="store_true")
    words = parser.parse_args()
    own = [words.into] if words.into else []

    def known() -> dict[Pair, Known]:
        return known_in(
            [place for place in (*words.places, *own) if place not in own or place.exists()]
        )

    if words.into:
        measure_missing(words.into, known(), words.seconds, again=words.again)
    return 1 if table(known()) else 0


if __name__ == "__main__":
    sys.exit(main())
