"""A web application that sends a task a request: what does the client wait for, and the task?

Load: 2,000 requests, 50 a second (Poisson), to a FastAPI application on one uvicorn process in the
framework's own cell; each sends one no-op task and answers 202. Primary: request p50, enqueue p50,
sojourn p50.

Request: from the intended time of the request to its answer, so a late client counts as latency.
Enqueue: the framework's call inside the request, by the application's own stamps. Sojourn: from the
intended time of the request to the end of the task. The application opens the framework's producer
in its lifespan, by the framework's own integration where it has one; how long that took to start
and to stop is measured too, and that it stopped.

Void: as in ``latency``; a request that was not answered with 202; a lifespan that did not end.

AsyncTasQ: ``AsyncTasQIntegration``, its lifespan and ``await dispatcher.dispatch(task)`` in a
coroutine. It has to be its dispatcher: ``task.dispatch()`` takes another driver than the one that
the lifespan opens (docs/findings.md). On Redis that lifespan only makes the pool of connections,
and the first requests connect. Celery: ``apply_async`` in a function, which FastAPI runs in its
thread pool; here too the first requests connect.
"""

import types

import numpy as np

from harness.measure.layouts import calls
from harness.measure.metrics import Metric, join, quantiles
from harness.measure.records import Records
from harness.measure.web import enqueues, lifespan
from harness.scenario.chart import Chart, drawn
from harness.scenario.open_loop import latency_undefined, open_loop_measures, poisson
from harness.scenario.point import Point, Size
from harness.scenario.primary import SOJOURN_P50, lower
from harness.scenario.run import Run
from harness.scenario.scenario import Measures, Scenario

REQUESTS, RATE = 2_000, 50.0


class FastApi(Scenario):
    name = "fastapi"
    question = "A FastAPI application sends a task a request: what do client and task wait for?"
    primary = (lower("request_p50"), lower("enqueue_p50"), SOJOURN_P50)
    work = ("tasks/web.py", "tasks/web_client.py")
    producers = 2
    wants = types.MappingProxyType({"web": True})
    charts = drawn(
        "request_p50",
        "enqueue_p50",
        Chart("sojourn_p50", "Request to end of task, median"),
        "web_cpu_per_task",
    )

    def expected_s(self, point: Point) -> float:
        web_s, requests = 1.5, self.warm(point.size) + point.size.scaled(REQUESTS, 150)
        return point.size.around_s + web_s + requests / RATE

    def warm(self, size: Size) -> int:
        """Requests of the warm-up."""
        return max(100, int(RATE * size.warmup_s))

    def drive(self, run: Run, point: Point, rng: np.random.Generator) -> None:
        before, during = rng.spawn(2)
        run.measure_idle(point.size.idle_s)
        warm = self.warm(point.size)
        run.warm_up_schedule(calls(warm, offsets_ns=poisson(RATE, warm, before)))
        count = point.size.scaled(REQUESTS, 150)
        run.open_window("load")
        run.producers.send_schedule("load", calls(count, offsets_ns=poisson(RATE, count, during)))
        run.drain()
        run.close_window("load")
        run.settle()
        run.facts["web_stop"] = run.processes.stop_beside("web")

    def measure(self, run: Run, _point: Point, records: Records) -> Measures:
        found, joined = open_loop_measures(run, records, RATE), join(records)
        within = enqueues(run.folder.records)
        # What open loops call enqueue is the producer's call, here the whole request.
        found.metrics[:] = [m for m in found.metrics if not m.name.startswith("enqueue_")]
        if not latency_undefined(found):
            found.metrics.extend(quantiles("request", joined.ack - joined.intended))
            found.metrics.extend(quantiles("enqueue", within["ack"] - within["send"]))
        found.metrics.extend(
            [
                Metric("web_start", run.facts["web_start"], "s"),
                Metric("web_stop", run.facts["web_stop"], "s"),
            ]
        )
        if said := lifespan(run.folder.records):
            found.metrics.extend(
                [
                    Metric("lifespan_start", 1e3 * said["start_s"], "ms"),
                    Metric("lifespan_stop", 1e3 * said["stop_s"], "ms"),
                ]
            )
        else:
            found.void.append("the web application's lifespan did not end")
        return found


SCENARIO = FastApi()
