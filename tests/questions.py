"""Measure what users ask of Celery and AsyncTasQ on Redis, in pieces that go on where one ended.

``python -m tests.questions --db DATABASE [--minutes 13] [--rounds 3] [--only SCENARIO]``: one trial
of every load first, then a second and a third, each scenario and framework a bench of its own. The
million and the soak are long, and measured only where they are named. ``--plan`` shows what is
missing. Needs the machine for itself; ``python -m harness.report.published questions DATABASE``
publishes what is there.
"""

import argparse
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.experiment.cut_off import CUT_OFF
from harness.report.published.questions import SCENARIOS
from harness.scenario.catalogue import load_scenario
from harness.scenario.point import FULL, Point
from harness.store.database import open_database
from infrastructure.root import ROOT

FRAMEWORKS = ("asynctasq", "celery")
QUICKEST = [
    "throughput",
    "idle",
    "fan_out",
    "fairness",
    "deploy",
    "results",
    "periodic",
    "poison",
    "burst",
]  # first
LONG = ("big_backlog", "soak")
SEED, SOAK_MINUTES = 22, 60
START_S, END_S, AROUND_SOAK_S = 4.0, 25.0, 60.0
THERE = """
SELECT experiment_id, point, count(*) FILTER (
    purpose = 'measure' AND NOT (status = 'failed' AND list_contains($cut_off, reason))
) AS trials
FROM trial JOIN experiment USING (experiment_id)
WHERE scenario = $scenario AND framework = $framework AND command = $command AND size = 'full'
  AND experiment_id = (
    SELECT max(experiment_id) FROM trial JOIN experiment USING (experiment_id)
    WHERE scenario = $scenario AND framework = $framework AND command = $command AND size = 'full'
  )
GROUP BY ALL
"""
MINUTES = """
SELECT count(*) FROM checkpoint JOIN trial USING (trial_id) WHERE experiment_id = ?
"""


@dataclass(frozen=True)
class Job:
    """A trial of each load, the ``number``-th, of ``rounds`` in all; of a soak its minutes."""

    scenario: str
    framework: str
    number: int
    rounds: int
    database: Path

    @property
    def is_soak(self) -> bool:
        return self.scenario == "soak"

    def there(self) -> tuple[str | None, dict[str, int]]:
        """The newest experiment, and how many trials of each load it has; a soak's minutes."""
        if not self.database.exists():
            return None, {}
        asked = {"scenario": self.scenario, "framework": self.framework, "cut_off": CUT_OFF}
        asked["command"] = "soak" if self.is_soak else "bench"
        with open_database(self.database, read_only=True) as connection:
            rows = connection.execute(THERE, asked).fetchall()
            if self.is_soak and rows:
                done = connection.execute(MINUTES, [rows[0][0]]).fetchall()
                return rows[0][0], {"": done[0][0]}
        return (rows[0][0] if rows else None), {point: count for _, point, count in rows}

    def trials_s(self) -> list[float]:
        """What each missing trial takes; a soak is one of all the minutes that are missing."""
        _, there = self.there()
        if self.is_soak:
            missing = SOAK_MINUTES - there.get("", 0)
            return [missing * 60.5 + AROUND_SOAK_S] if missing > 0 else []
        points = load_scenario(self.scenario).points(FULL)
        return [self.takes_s(p) for p in points if there.get(p.label, 0) < self.number]

    def left_out(self, minutes: float) -> str:
        """What to type where not even its next trial fits into so many minutes, else nothing."""
        takes_s = self.trials_s()[0] + END_S
        if takes_s <= 60 * minutes:
            return ""
        words = ["--only", self.scenario, "--framework", self.framework, "--db", str(self.database)]
        return (
            f"left out, since --minutes {minutes:g} is too short: {self.scenario} of "
            f"{self.framework}, whose next trial needs {takes_s / 60:.1f} min; type: "
            f"python -m tests.questions {shlex.join(words)} --minutes {int(takes_s) // 60 + 1}"
        )

    def takes_s(self, point: Point) -> float:
        """As a bench expects of an arm that it does not know: it begins nothing for less."""
        return START_S + load_scenario(self.scenario).expected_s(point)

    def words(self, most_s: float) -> list[str]:
        """As typed after nox."""
        experiment, _ = self.there()
        limit = [] if self.is_soak else ["--max-time", f"{int(most_s)}s"]
        end = ["--wait", *limit, "--db", str(self.database)]
        session = "soak" if self.is_soak else f"bench-3.12({self.framework})"
        if experiment:
            return ["-s", session, "--", "--resume", experiment, *end]
        if self.is_soak:
            asked = [self.framework, "--hours", f"{SOAK_MINUTES / 60:g}"]
        else:
            asked = ["--scenario", self.scenario, "--trials", str(self.rounds), "--no-profilers"]
            asked += ["--broker", "redis"]
        return ["-s", session, "--", *asked, "--seed", str(SEED), *end]


def jobs(typed: argparse.Namespace) -> Iterator[Job]:
    """What is missing, in order."""
    usual = sorted(set(SCENARIOS) - set(LONG), key=QUICKEST.index)
    for number in range(1, typed.rounds + 1):
        for scenario in typed.only or usual:
            rounds = 1 if scenario in LONG else typed.rounds
            for framework in typed.framework or FRAMEWORKS:
                job = Job(scenario, framework, number, rounds, typed.db)
                if number <= rounds and job.trials_s():
                    yield job


def plan(found: Sequence[Job]) -> None:
    for job in found:
        takes_min = sum(job.trials_s()) / 60
        print(f"round {job.number} {job.scenario:12} {job.framework:10} {takes_min:5.1f} min")


def measure(found: Sequence[Job], minutes: float) -> None:
    """As many as there is time for; what so many minutes are never enough for is told."""
    ends = time.monotonic() + 60 * minutes
    for said in dict.fromkeys(filter(None, (job.left_out(minutes) for job in found))):
        print(said)
    for job in found:
        left, missing = ends - time.monotonic() - END_S, job.trials_s()
        if missing and missing[0] <= left:
            whole = job.scenario in LONG
            most_s = left if whole else min(left, 1.05 * sum(missing) + 10)
            subprocess.run(["nox", *job.words(most_s)], cwd=ROOT, check=False)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.questions", description=__doc__)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=13)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", action="append", choices=SCENARIOS)
    parser.add_argument("--framework", action="append", choices=FRAMEWORKS)
    parser.add_argument("--plan", action="store_true")
    typed = parser.parse_args()
    typed.db = typed.db.absolute()
    if not typed.plan:
        measure(list(jobs(typed)), typed.minutes)
    plan(list(jobs(typed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
