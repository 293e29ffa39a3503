"""``python -m tasks.web PORT``: a FastAPI application by uvicorn that sends a task a request.

The usual shape: connect in the lifespan, send in the endpoint: a coroutine where the framework's
call is one, else a function, which FastAPI runs in its thread pool. Every call of the framework is
recorded as a send; how long the lifespan took to start and stop is left in ``lifespan.json``.

A framework with an integration of its own for FastAPI offers it as ``web_producer(spec)``, a
producer whose ``open`` and ``close`` are the two ends of the integration's lifespan.
"""

import inspect
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from tasks.adapter import load_adapter
from tasks.records import ENQUEUE_SUFFIX, KIND_NUMBERS, LIFESPAN, OK, RecordWriter
from tasks.spec import Spec, read_spec


class Job(BaseModel):
    """What a request carries."""

    seq: int
    kind: str
    arg: int


class Enqueues:
    """The framework's producer, and a record a call."""

    def __init__(self, spec: Spec) -> None:
        adapter = load_adapter(spec)
        make = getattr(adapter, "web_producer", adapter.producer)
        self.producer: Any = make(spec)  # of either kind
        self.waits = inspect.iscoroutinefunction(self.producer.send)
        self._writer = RecordWriter(Path(spec.records), ENQUEUE_SUFFIX)

    def record(self, job: Job, begin: int) -> None:
        end = time.monotonic_ns()
        self._writer.write(job.seq, begin, begin, end, KIND_NUMBERS[job.kind], OK)


def application(spec: Spec) -> FastAPI:
    enqueues = Enqueues(spec)
    producer = enqueues.producer

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        begin = time.perf_counter()
        await finished(producer.open())
        started = time.perf_counter() - begin
        yield
        begin = time.perf_counter()
        await finished(producer.close())
        stopped = time.perf_counter() - begin
        said = {"start_s": started, "stop_s": stopped}
        (Path(spec.records) / LIFESPAN).write_text(json.dumps(said))

    app = FastAPI(lifespan=lifespan)

    if enqueues.waits:

        @app.post("/jobs", status_code=202)
        async def send_async(job: Job) -> None:
            begin = time.monotonic_ns()
            await producer.send(job.seq, job.kind, job.arg)
            enqueues.record(job, begin)

    else:

        @app.post("/jobs", status_code=202)
        def send(job: Job) -> None:
            begin = time.monotonic_ns()
            producer.send(job.seq, job.kind, job.arg)
            enqueues.record(job, begin)

    return app


async def finished(done: Any) -> None:
    """Wait for what a coroutine function gave; a blocking one has done it already."""
    if inspect.isawaitable(done):
        await done


def main() -> None:
    port = int(sys.argv[1])
    uvicorn.run(application(read_spec()), host="127.0.0.1", port=port, access_log=False)


if __name__ == "__main__":
    main()
