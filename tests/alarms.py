"""``python -m tests.alarms``: do the laws hold over real trials? Every alarm here is a false one.

Every scenario on all five brokers by both real frameworks, in small size: the first point of each,
then the others. Rows go to ``--out`` as lines of JSON, and what stands there is not run again: so
it can be run in pieces (``--seconds``), and by several at once (``--share 1/2``, ``--share 2/2``):
no law hangs on how fast anything is. At the end the table of all that stands there; the exit code
is 1 if there was an alarm.

``--count PLACE`` (a database, or a folder of exports; several of them) runs nothing. It counts the
trials that were measured for other ends, by framework and broker. Each was judged by the laws of
the harness that measured it: the alarms are named, since one of then may have been mended.
"""

import argparse
import itertools
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.cli.matrix import read_matrix
from harness.experiment.arms import describe_points
from harness.experiment.row import new_experiment
from harness.measure.laws import LAWS
from harness.scenario.catalogue import load_scenario, load_scenarios
from harness.store.vocabulary import Status
from harness.trial.plan import Setup
from harness.trial.steps import run_trial
from infrastructure.brokers import BrokerChoice
from infrastructure.names import NAMES
from infrastructure.processes.folder import spool_of
from tests.conftest import TINY, make_plan, newest_arm
from tests.integration.trials import FRAMEWORKS
from tests.stored import rows_of as rows_of_all

SMALL = replace(TINY, name="small", tasks=1_500, late_s=1.0)
SOAK = {"minutes": 6, "minute_s": 0.5, "rate": 100}
CAPACITY = 150.0  # tasks/s: what the slowest pair carries
# By name, what is said where a trial breaks it.
ALARMS = {law.name: f"law {law.name} broken" for law in LAWS} | {
    "share": "of a fair share of the backlog",
    "left": "still at the broker after the drain",
    "setting": "setting ",
}

# The stub is made to break them.
JUDGED = """
    SELECT trial_id, framework, split_part(broker, ' ', 1), reason, remarks
    FROM trial
    WHERE status IN ('ok', 'invalid') AND framework <> 'stub'
"""

type Planned = tuple[str, str, int, str]


def planned() -> list[Planned]:
    """Scenario, its point's label, its place, and the pair: first points first, and within them in
    an order of chance that is always the same, so that every piece has something of everything.
    """
    found = [
        (scenario.name, point.label, place, f"{broker} {framework}")
        for scenario in load_scenarios().values()
        for place, point in enumerate(scenario.points(SMALL))
        for broker, framework in itertools.product(NAMES, FRAMEWORKS)
    ]
    random.Random(7).shuffle(found)
    return sorted(found, key=lambda planned: planned[2])


def one_trial(folder: Path, scenario: str, place: int, pair: str) -> dict[str, Any]:
    """What became of it."""
    broker, framework = pair.split()
    choice = BrokerChoice(broker, "auto").settled()
    arm = newest_arm(read_matrix(), framework, choice)
    database = folder / "results.duckdb"
    spool_of(database).mkdir(exist_ok=True)
    described = describe_points(arm, [load_scenario(scenario)], SMALL)
    experiment = new_experiment("bench", "small", 7, {})
    setup = Setup(database, experiment, arm, described, folder / "profiles")
    point = load_scenario(scenario).points(SMALL)[place].offered(CAPACITY)
    if scenario == "soak":
        point = replace(point, options=SOAK)
    outcome = run_trial(setup, make_plan(setup, scenario, **vars(point)))
    row = outcome.trial
    return {"status": str(row.status), "reason": row.reason or "", "remarks": row.remarks or ""}


def run(out: Path, seconds: float, share: tuple[int, int] = (1, 1)) -> None:
    """Those trials of a share (the first of two …) that are not there yet, as far as they can begin
    within so long.
    """
    deadline = time.monotonic() + seconds
    done = {tuple(row["trial"]) for row in rows_of(out)}
    number, of = share
    for scenario, label, place, pair in planned()[number - 1 :: of]:
        trial = (scenario, label, pair)
        if trial in done:
            continue
        if time.monotonic() > deadline:
            return
        with tempfile.TemporaryDirectory() as folder:
            begin = time.monotonic()
            row = {"trial": trial, **one_trial(Path(folder), scenario, place, pair)}
            row["seconds"] = round(time.monotonic() - begin, 1)
        with out.open("a") as file:
            file.write(json.dumps(row) + "\n")


def rows_of(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []


def alarms(row: dict[str, Any]) -> list[str]:
    """What a trial is told that no true one can be."""
    said = f"{row['reason']}; {row['remarks']}"
    found = [name for name, words in ALARMS.items() if words in said]
    # A remark of it is of a scenario whose faults leave tasks.
    return [name for name in found if name != "left" or ALARMS[name] in row["reason"]]


def table(rows: list[dict[str, Any]]) -> int:
    """Print it; how many alarms there were."""
    states = Counter(row["status"] for row in rows)
    print(f"{len(rows)} trials: {', '.join(f'{n} {state}' for state, n in states.items())}")
    if took := [row["seconds"] for row in rows if "seconds" in row]:
        left = len(planned()) - len(rows)
        print(f"{sum(took) / len(took):.1f} s for each, {left} left")
    judged = [row for row in rows if row["status"] in {Status.OK, Status.INVALID}]
    counts = Counter(name for row in judged for name in alarms(row))
    for name in ALARMS:
        print(f"{name:10}{counts[name]:5} of {len(judged)}")
    for row in rows:
        if row["status"] != Status.OK and row["status"] != Status.GAP:
            print(f"{' / '.join(row['trial'])}: {row['status']}: {first_words(row['reason'])}")
    return counts.total()


def count_stored(places: Sequence[Path]) -> int:
    """Print what was judged before, by framework and broker; how many alarms there were."""
    judged, counts = Counter[tuple[str, str]](), Counter[str]()
    alarmed = list[str]()
    for trial, framework, broker, reason, remarks in rows_of_all(places, JUDGED):
        judged[framework, broker] += 1
        found = alarms({"reason": reason or "", "remarks": remarks or ""})
        counts.update(found)
        if found:
            alarmed.append(f"{trial}: {framework} on {broker}: {', '.join(found)}: {reason}")
    for (framework, broker), trials in sorted(judged.items()):
        print(f"{framework:14}{broker:12}{trials:6}")
    laws = sum(counts[law.name] for law in LAWS)
    print(f"{judged.total()} trials, {laws} broken laws, {len(alarmed)} alarms")
    print(*alarmed, sep="\n")
    return len(alarmed)


def first_words(reason: str) -> str:
    return re.sub(r"\s+", " ", reason)[:300]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("alarms.jsonl"))
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--share", default="1/1", metavar="N/M")
    parser.add_argument("--count", type=Path, nargs="+", metavar="PLACE")
    words = parser.parse_args()
    if words.count:
        return 1 if count_stored(words.count) else 0
    number, of = map(int, words.share.split("/"))
    run(words.out, words.seconds, (number, of))
    return 1 if table(rows_of(words.out)) else 0


if __name__ == "__main__":
    sys.exit(main())
