"""What does carrying a payload cost, by size, form and serializer?

Load: a backlog of tasks that carry 100 B to 1 MiB of nested JSON-like data or of bytes and do
nothing with it; as many as fit 40 MiB (nested) or 400 MiB (bytes), 50 to 10,000. Primary: drain
rate, worker CPU per task, bytes on the broker per task.

Bytes on the broker are what its own count of used memory grew by while nobody drained, so keys and
envelopes are in them. In the warm-up every payload is compared with what was sent.

Void: any task lost, duplicated, failed (a damaged payload of the warm-up fails) or refused.

A SQLAlchemy model of one row (1 KiB, SQLite) is passed whole, and as its id, which the task loads
the row by; either way the task reads its columns.

AsyncTasQ serializes by msgpack (msgspec) only; asked for another it states a gap. Celery's default
is JSON, which carries bytes as base64. A model passed whole is its class and key in AsyncTasQ,
whose worker loads the row; Celery can pickle the object, then no row is loaded and it is as old as
the message.
"""

import numpy as np

from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.scenario.backlog import backlog_measures, drain_held, load_held, value_of
from harness.scenario.chart import Chart, drawn
from harness.scenario.point import Point, Size, numbered
from harness.scenario.primary import DRAIN_RATE, WORKERS_CPU, lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

MOST_TASKS, LEAST_TASKS = 10_000, 50
# Of a backlog: a framework may walk nested data leaf by leaf (docs/findings.md), bytes it does not.
MOST_BYTES = {"nested": 40 * 2**20, "binary": 400 * 2**20}
NESTED_BYTE_S = 0.9 / 2**20  # between what the two frameworks take, a factor of 20 apart
MODELS = 2_000
SIZES = {"100 B": 100, "1 KiB": 2**10, "10 KiB": 10 * 2**10, "100 KiB": 100 * 2**10, "1 MiB": 2**20}
# What --quick takes of them, to be quick.
FEW = {"nested": ("100 B", "10 KiB", "100 KiB", "1 MiB"), "binary": ("100 KiB", "1 MiB")}


class Serialization(Scenario):
    name = "serialization"
    question = "What does carrying a payload cost, by size, form and serializer?"
    primary = (DRAIN_RATE, WORKERS_CPU, lower("broker_bytes_per_task"))
    work = ("tasks/work.py", "tasks/payloads.py", "tasks/models.py")
    turns = True
    charts = drawn(
        *(
            Chart(
                "workers_cpu_per_task",
                f"CPU per task by payload, workers: {form}",
                over="payload_size",
                log=True,
                points=tuple(f"{form} {size}" for size in SIZES),
            )
            for form in ("nested", "binary")
        ),
        "broker_bytes_per_task",
        "drain_rate",
        "payload_rate",
    )

    def points(self, size: Size) -> list[Point]:
        kept: list[tuple[str, dict[str, str], dict[str, str]]] = [
            (f"{form} {name}", {"payload": f"{form} {SIZES[name]}"}, {})
            for form, few in FEW.items()
            for name in (SIZES if size.scale == 1 else few)
        ]
        kept += [
            (f"nested 10 KiB, {form}", {"payload": "nested 10240"}, {"serializer": form})
            for form in ("json", "pickle", "msgpack")
        ]
        kept += [
            ("model 1 KiB, passed whole", {"payload": "model 1024"}, {"model": "whole"}),
            ("model 1 KiB, passed as id", {"payload": "id 1024"}, {"model": "id"}),
        ]
        return numbered(
            Point(size, name=name, options=options, wants=wants) for name, options, wants in kept
        )

    def tasks(self, point: Point) -> int:
        """What the arm's rate asks for, where that is known, but no more than the broker may hold
        at full size.
        """
        form, each = str(point.options["payload"]).split()
        most = MODELS
        if form in MOST_BYTES:
            most = min(MOST_TASKS, MOST_BYTES[form] // int(each))
        return max(LEAST_TASKS, min(point.backlog or point.size.scaled(most), most))

    def expected_s(self, point: Point) -> float:
        form, each = str(point.options["payload"]).split()
        byte_s = NESTED_BYTE_S if form == "nested" else 0
        tasks = self.tasks(point)
        return point.size.around_s + point.drained_s(tasks) + tasks * byte_s * int(each)

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        payload = str(point.options["payload"])
        kind = "model" if point.wants.get("model") else "carry"
        run.measure_idle(point.size.idle_s)
        run.producers.send("warmup", kind, 5 * run.topology.slots, payload=payload)
        run.wait_completed("warmup", 60)
        run.gate.close()
        before = run.broker.stored()
        load_held(run, lambda: run.producers.send("load", kind, self.tasks(point), payload=payload))
        after = run.broker.stored()
        if before is not None and after is not None:
            run.facts["held"] = float(after - before)
        drain_held(run)

    def measure(self, run: Run, point: Point, records: Records) -> Measures:
        found = backlog_measures(run, records)
        each = int(str(point.options["payload"]).split()[1])
        found.metrics.append(Metric("payload_size", each, "B"))
        warm = Records.read(run.folder.records, "warmup").runs
        if damaged := int(np.sum(warm["outcome"] != 0)):
            found.void.append(
                f"{damaged} of {len(warm)} payloads of the warm-up failed or were damaged"
            )
        if "held" in run.facts:
            held = run.facts["held"] / max(1, len(records.sends))
            found.metrics.append(Metric("broker_bytes_per_task", held, "B"))
        rate = value_of(found, "drain_rate")
        found.metrics.append(Metric("payload_rate", rate * each / 1e6, "MB/s"))
        return found


SCENARIO = Serialization()
