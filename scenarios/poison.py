"""Some tasks end badly: what becomes of them, of their neighbours, and does anybody hear of it?

Load: tasks of 5 ms, 50 a second (constant), for 20 s; among them five that

- *raise*, at every attempt;
- *time out*: sleep for 20 s where a task may take 1 s (``timeout_s``);
- *end the process*: ``os._exit``;
- *are killed*: SIGKILL from within, as from the kernel where a process has taken more memory than
  it may;
- *cannot be read*: bytes that no framework wrote, put into the queue by the harness.

Primary: sojourn p90 of the neighbours, longest silence. Beside them what became of the neighbours,
how often a poisonous task was begun, what of it stands at the broker at the end (``left_in_broker``
where it may still run, ``dead_letters`` where the framework has given it up and kept it), and lines
of the workers' logs from the load on that speak of an error. Results are off, as everywhere.

A worker that ends is started again by the same command 1 s later. A framework that hands a dead
worker's tasks out again is asked to do so after 8 s; where that is a matter of retries, they are
on, for tasks that raise too. The load is over when no record has come for 12 s: what would be tried
again later still stands at the broker. What is lost or repeated is the finding here and voids
nothing; an unknown task does.

*Time out* is a gap of frameworks that end no task. *Cannot be read* is one in tables, whose server
takes no row that is none, and where no structure of the broker holds what workers read.
"""

import re
import time
from pathlib import Path

import numpy as np

from harness.measure.accounting import account
from harness.measure.attempts import attempts
from harness.measure.layouts import Array, calls, kind_number
from harness.measure.metrics import Metric, accounting_metrics, cpu_metrics, join, quantiles
from harness.measure.records import Records
from harness.measure.silence import longest_silence_s
from harness.scenario.chart import Chart, drawn
from harness.scenario.open_loop import constant
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import lower
from harness.scenario.producers import LEAD_S
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

RATE, NAP_US, LOAD_S, LEAST_S = 50.0, 5_000, 20.0, 8.0
POISONOUS = 5
SUPERVISOR_S, REDELIVER_S, QUIET_S, TIMEOUT_S, HANG_US = 1.0, 8, 12.0, 1, 20_000_000
UNREADABLE = "cannot be read"
KINDS = {
    "raise": "explode",
    "time out": "hang",
    "end the process": "leave",
    "are killed": "vanish",
    UNREADABLE: "",
}
ERRORS = re.compile(
    r"(?i)error|exception|traceback|time ?limit|time[d ]?.?out|exited|killed|\blost\b|terminated|"
    r"unknown|invalid|malformed|decod|fail"
)


def poisoned(count: int, kind: str) -> Array:
    """Neighbours at equal distances (CALL_TYPE), and at as equal ones what is poisonous."""
    found = calls(count, "nap", NAP_US, constant(RATE, count))
    if kind:
        places = places_of(count)
        found["kind"][places] = kind_number(kind)
        found["arg"][places] = HANG_US
    return found


def places_of(count: int) -> Array:
    """Which of so many tasks are poisonous: none of the first, none of the last."""
    found: Array = (np.arange(1, POISONOUS + 1) * count) // (POISONOUS + 2)
    return found


def neighbours(records: Records) -> Records:
    """Without what is poisonous."""
    nap = kind_number("nap")
    sends, runs = records.sends, records.runs
    return Records(sends[sends["kind"] == nap], runs[runs["kind"] == nap], records.refusal)


def errors_in(log: Path, begin: int) -> int:
    """Lines from that byte on that speak of an error."""
    text = log.read_bytes()[begin:].decode(errors="replace") if log.exists() else ""
    return sum(bool(ERRORS.search(line)) for line in text.splitlines())


def wants_of(kind: str) -> dict[str, int]:
    """What a point takes of the workers."""
    limit = {"timeout_s": TIMEOUT_S} if kind == "hang" else {}
    return {"redeliver_s": REDELIVER_S, **limit}


class Poison(Scenario):
    leaves = True
    name = "poison"
    question = "Some tasks end badly: what becomes of them and their neighbours, and who is told?"
    primary = (lower("sojourn_p90"), lower("longest_silence"))
    work = ("tasks/poison.py",)
    producers = 2
    charts = drawn(
        Chart("sojourn_p90", "Neighbours: sojourn, p90"),
        "longest_silence",
        Chart("lost", "Neighbours that were lost"),
        Chart("duplicated", "Neighbours that were executed twice"),
        "poison_attempts",
        Chart("left_in_broker", "Tasks that are still at the broker"),
        "revived",
        "dead_letters",
        "errors_logged",
    )

    def points(self, size: Size) -> list[Point]:
        return numbered(Point(size, name=n, wants=wants_of(kind)) for n, kind in KINDS.items())

    def seconds(self, size: Size) -> float:
        return max(LEAST_S, LOAD_S * size.scale)

    def expected_s(self, point: Point) -> float:
        return point.size.around_s + point.size.warmup_s + self.seconds(point.size) + QUIET_S

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        seconds, kind = self.seconds(point.size), KINDS[point.label]
        load = poisoned(int(RATE * seconds), kind)
        run.measure_idle(point.size.idle_s)
        run.warm_up(point.size.warmup_s)
        run.workers.supervise(SUPERVISOR_S)
        logs = run.workers.logs()
        before = {log: log.stat().st_size for log in logs if log.exists()}
        run.open_window("load")

        def meanwhile() -> None:
            for _ in () if kind else range(POISONOUS):
                time.sleep(LEAD_S + seconds / (POISONOUS + 2))
                run.queues.spoil()

        run.producers.send_schedule("load", load, meanwhile=meanwhile)
        if run.drain(quiet_s=QUIET_S):  # a record each, but what failed may be tried again
            run.processes.until_quiet(run.tail.poll, QUIET_S)
        run.close_window("load")
        run.settle()
        run.facts["dead_letters"] = float(run.queues.dead_letters())
        run.facts["errors_logged"] = float(sum(errors_in(log, before.get(log, 0)) for log in logs))

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        beside = neighbours(records)
        fate, ends = account(beside), beside.runs["end"]
        begin, until = int(beside.sends["send"].min()), int(beside.sends["intended"].max())
        metrics = [
            *accounting_metrics(fate),
            Metric("longest_silence", longest_silence_s(ends, begin, until), "s"),
            Metric("revived", run.workers.revived, "workers"),
            Metric("dead_letters", run.facts["dead_letters"], "tasks"),
            Metric("errors_logged", run.facts["errors_logged"], "lines"),
            *quantiles("sojourn", join(beside).sojourn),
            *cpu_metrics(run.windows["load"], run.idle, fate.completed_once),
        ]
        if KINDS[point.label]:
            begun = attempts(run.folder.records, places_of(len(run.producers.calls["load"])))
            metrics += [
                Metric("poison_attempts", float(np.mean(begun)), "attempts"),
                Metric("poison_attempts_max", max(begun), "attempts"),
            ]
        return Measures(metrics, [f"unknown: {fate.unknown} tasks"] if fate.unknown else [])


SCENARIO = Poison()
