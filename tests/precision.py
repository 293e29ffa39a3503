"""``python -m tests.precision PLACE...``: how long until a ratio in turns is known to ± 2 %?

Every comparison and series in turns counts that is stored in these places (databases, folders of
exports). By framework and size: how the log-ratios of blocks scatter (within pairs of versions),
what a block takes, and so the minutes to a 95 % interval of that half-width. The exit code is 1
where a framework takes more than five minutes.
"""

import argparse
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from harness.prove.turns.estimates import pooled_sd
from harness.prove.turns.table import NARROW_MIN, wanted_for
from tests.stored import rows_of

METRICS = ("drain_rate", "workers_cpu_per_task")
# Trials in turns of blocks of two arms, of which both are sound.
STORED = """
    WITH figures AS (
        SELECT
            trial_id,
            max(value) FILTER (name = 'drain_rate') AS drain_rate,
            max(value) FILTER (name = 'workers_cpu_per_task') AS workers_cpu_per_task,
            max(value) FILTER (name = 'turns') AS turns
        FROM metric GROUP BY trial_id
    )
    SELECT
        trial_id, t.experiment_id, size, block, framework, framework_version, arm_number,
        epoch(started_at), duration_s, drain_rate, workers_cpu_per_task
    FROM trial t JOIN experiment USING (experiment_id) JOIN figures USING (trial_id)
    WHERE scenario = 'throughput' AND purpose = 'measure' AND turns IS NOT NULL
    ORDER BY t.experiment_id, block, arm_number
"""


class Known(NamedTuple):
    """Of a framework at a size: ratios of blocks by metric and pair of versions, and their
    seconds.
    """

    ratios: dict[str, dict[tuple[str, ...], list[float]]]
    seconds: list[float]


def known_in(places: Sequence[Path]) -> dict[tuple[str, str], Known]:
    """By framework and size."""
    blocks = defaultdict[tuple[str, str, int], list[tuple[float | str, ...]]](list)
    for _, experiment, size, block, *trial in rows_of(places, STORED):
        blocks[experiment, size, block].append(tuple(trial))
    found = defaultdict[tuple[str, str], Known](
        lambda: Known({name: defaultdict(list) for name in METRICS}, [])
    )
    for (_, size, _), trials in blocks.items():
        if len(trials) != 2 or trials[0][0] != trials[1][0]:
            continue
        (framework, *first), (_, *second) = trials
        known = found[str(framework), size]
        known.seconds.append(wall_s([first, second]))
        for name, one, other in zip(METRICS, first[4:], second[4:], strict=True):
            pair = (str(first[0]), str(second[0]))
            known.ratios[name][pair].append(float(other) / float(one))
    return dict(found)


def wall_s(trials: Sequence[Sequence[float | str]]) -> float:
    """From the first start to the last end."""
    begun = [float(trial[2]) for trial in trials]
    ended = [float(trial[2]) + float(trial[3]) for trial in trials]
    return max(ended) - min(begun)


def lines(known: dict[tuple[str, str], Known]) -> Iterator[tuple[str, bool]]:
    """Each with whether it is within the bar."""
    for (framework, size), (ratios, seconds) in sorted(known.items()):
        block_s = statistics.median(seconds)
        for name in METRICS:
            sd = pooled_sd(list(ratios[name].values()))
            if np.isnan(sd):
                continue
            count = wanted_for(sd)
            minutes = count * block_s / 60
            said = f"{framework:12}{size:8}{name:22}{sd:8.2%}  {len(seconds):3} blocks of "
            said += f"{block_s:4.1f} s: {count:3} blocks, {minutes:4.1f} min"
            yield said, minutes <= NARROW_MIN


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", type=Path, nargs="+", metavar="PLACE")
    met = True
    for said, within in lines(known_in(parser.parse_args().places)):
        print(said, "" if within else "MISSED")
        met &= within
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
