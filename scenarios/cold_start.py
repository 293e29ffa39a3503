"""How long from the start of a worker to its first task, and what does it hold at rest?

Load: one no-op task lies at the broker, then the worker's command is executed; 5 times a trial,
with compiled bytecode at hand and without any, and with plugins. Primary: time to the first task,
import time, memory at rest.

Time to the first task is from the exec of the command to the end of the task's body; time to ready
from there until every worker of the arm has said that it is ready: Celery by its signal
``worker_ready``, AsyncTasQ's programmatic worker where it would send its event ``worker_online``.
AsyncTasQ's command line says nothing that we could hear, so it has no time to ready. Import time
is a new process of the cell that imports the adapter and its framework. Memory at rest is the
summed PSS of all processes of the workers that were started so, half a second after the task was
done and all were ready.

Void: any task lost, duplicated or failed.

Plugins are task modules of one task each, loaded beside the one that is measured: 1 and 50 of them
with bytecode, none elsewhere. AsyncTasQ's command line resolves a task's module when its first task
comes, the others import what is named at the start; the first task waits for either.
"""

import statistics
import time

import numpy as np

from harness.measure.accounting import account
from harness.measure.layouts import Array
from harness.measure.metrics import Metric, accounting_metrics
from harness.measure.records import Records
from harness.scenario.chart import drawn
from harness.scenario.point import Point, Size, amount, numbered
from harness.scenario.primary import lower
from harness.scenario.run import READY_S, Run
from harness.scenario.scenario import Measures, Scenario

STARTS = {"full": 5}
REST_S = 0.5
FEWER_STARTS = 2
COLD, PLUGINS = "no bytecode", (1, 50)


class ColdStart(Scenario):
    name = "cold_start"
    question = "How long from a worker's start to its first task, and what does it hold at rest?"
    primary = (lower("time_to_first_task"), lower("import_time"), lower("memory_at_rest"))
    charts = drawn("time_to_first_task", "time_to_ready", "import_time", "memory_at_rest")

    def points(self, size: Size) -> list[Point]:
        with_plugins = [
            Point(size, name=f"bytecode, {amount(n, 'plugin')}", wants={"plugins": n})
            for n in (PLUGINS if size.name == "full" else PLUGINS[-1:])
        ]
        return numbered([Point(size, name="bytecode"), Point(size, name=COLD), *with_plugins])

    def expected_s(self, point: Point) -> float:
        return point.size.around_s + 3 * STARTS.get(point.size.name, FEWER_STARTS)

    def drive(self, run: Run, point: Point, _rng: np.random.Generator) -> None:
        env = without_bytecode(run) if point.name == COLD else {}
        repeats = STARTS.get(point.size.name, FEWER_STARTS)
        run.facts["imports"] = statistics.median(run.cell.imports_s(env) for _ in range(repeats))
        run.workers.stop()
        for number in range(repeats):
            run.producers.send("load", "noop", 1)
            run.facts[f"exec-{number}"] = float(time.monotonic_ns())
            run.workers.start(env)
            run.wait_completed("load", READY_S)
            run.facts[f"ready-{number}"] = ready_ns(run)
            time.sleep(REST_S)
            run.facts[f"held-{number}"] = held_bytes(run)
            run.workers.stop()
        run.mark("drained")
        run.settle()

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        fate = account(records)
        done = first_ends(records.runs)
        begun, ready, held = (
            np.array([run.facts[f"{name}-{number}"] for number in range(len(done))])
            for name in ("exec", "ready", "held")
        )
        metrics = [
            *accounting_metrics(fate),
            Metric("time_to_first_task", float(np.median(done - begun)) / 1e6, "ms"),
            Metric("time_to_ready", float(np.median(ready - begun)) / 1e6, "ms"),
            Metric("import_time", 1e3 * run.facts["imports"], "ms"),
            Metric("memory_at_rest", float(np.median(held)), "bytes"),
        ]
        return Measures(metrics, fate.complaints())


def ready_ns(run: Run) -> float:
    """When the last of the workers said that it is ready; nan where none of them says so.

    Asked when a task is done, so that whoever says it at all has said it.
    """
    said = [run.folder.records / f"ready-{child.pid}" for child in run.workers.children]
    if not any(path.exists() for path in said):
        return float("nan")
    what = "readiness of every worker"
    run.processes.wait(lambda: all(path.exists() for path in said), READY_S, what)
    return max(float(path.read_text()) for path in said)


def held_bytes(run: Run) -> float:
    """Memory (PSS) of the workers that run now: of those before them nothing is left."""
    return float(run.sampler.look(memory=True)["workers"].pss_bytes or 0)


def first_ends(runs: Array) -> Array:
    """The end stamp (ns) of each task's first attempt to end, in the order of their numbers."""
    ordered = runs[np.lexsort((runs["end"], runs["seq"]))]
    _, first = np.unique(ordered["seq"], return_index=True)
    return ordered["end"][first]


def without_bytecode(run: Run) -> dict[str, str]:
    """An environment in which Python finds no compiled module and leaves none."""
    empty = run.folder.path / "no-bytecode"
    empty.mkdir()
    return {"PYTHONPYCACHEPREFIX": str(empty), "PYTHONDONTWRITEBYTECODE": "1"}


SCENARIO = ColdStart()
