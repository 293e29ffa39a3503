"""What does watching cost: a framework's stream of task events, and does everything arrive?

Load: a backlog of 20,000 no-op tasks, drained once with the stream off and once with it on while
one process listens, writing down when it heard that a task started and that it succeeded. Primary:
drain rate, worker CPU per task, delivery p50.

Delivery is from the worker's stamp (start or end of the body) to the moment the listener had the
event in hand. Complete means both events of every task; what was still missing 3 s after the last
one is missing. Redis pub/sub, which both streams use, keeps nothing for a listener that falls
behind.

Void: any task lost, duplicated or failed. Events that are missing are the finding, they void
nothing.

AsyncTasQ: its Redis emitter, one PUBLISH an event; switching it on switches a logging emitter on as
well, whatever the log level. Its stock command line cannot (a gap). Celery: ``--task-events``,
which tells when a task was received too; events are sent in groups.
"""

import numpy as np

from harness.measure.heard import Heard, heard_events, heard_so_far
from harness.measure.layouts import Array, event_number
from harness.measure.metrics import Metric, quantiles
from harness.measure.records import Records
from harness.scenario.backlog import backlog_measures, drain_live, judge_drift
from harness.scenario.chart import drawn
from harness.scenario.point import Point, Size, fitting, numbered
from harness.scenario.primary import DRAIN_RATE, WORKERS_CPU, lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

STARTED, SUCCEEDED = event_number("started"), event_number("succeeded")
EVENTS_A_TASK = 2
QUIET_S = 3.0


def delivery(heard: Heard, runs: Array) -> Array:
    """Nanoseconds from a task's stamp to the event about it, for all events of known tasks."""
    first = runs[np.unique(runs["seq"], return_index=True)[1]]
    known = np.isin(heard.seq, first["seq"])
    own = first[np.searchsorted(first["seq"], heard.seq[known])]
    stamps = np.where(heard.event[known] == STARTED, own["start"], own["end"])
    late: Array = heard.at[known] - stamps
    return late


class Events(Scenario):
    name = "events"
    question = "What does a stream of task events cost, and is it complete and prompt?"
    primary = (DRAIN_RATE, WORKERS_CPU, lower("delivery_p50"))
    charts = drawn("drain_rate", "workers_cpu_per_task", "delivery_p50", "event_completeness")

    def points(self, size: Size) -> list[Point]:
        return numbered([Point(size, name="off"), Point(size, name="on", wants={"events": True})])

    def expected_s(self, point: Point) -> float:
        told = 2 if point.wants else 1  # what the stream costs a task, roughly
        load_s = told * point.drained_s(fitting(point.known_rate, point.size))
        return point.size.around_s + point.size.warmup_s + load_s

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        drain_live(
            run, point, lambda: run.producers.send("load", "noop", run.fitting_backlog(point))
        )
        if point.wants:
            run.processes.until_quiet(heard_so_far(run.folder.records), QUIET_S)

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        found = backlog_measures(run, records)
        judge_drift(found, run, records)
        if point.wants:
            heard = heard_events(run.folder.records)
            expected = EVENTS_A_TASK * len(np.unique(records.runs["seq"]))
            found.metrics.extend(
                [
                    Metric("event_completeness", len(heard.seq) / max(1, expected), "1"),
                    Metric("events_repeated", heard.repeated, "events"),
                    *quantiles("delivery", delivery(heard, records.runs)),
                ]
            )
        return found


SCENARIO = Events()
