"""SAQ's queue, and what sends through it."""

import math
import time
from typing import Any

from saq import Queue

from tasks.as_text import fitting
from tasks.codecs import codec
from tasks.frameworks.saq import workers
from tasks.frameworks.saq.workers import SETTINGS
from tasks.profiles import RESULT_S, RETRIED, queues_of, serializer_of, timeout_of
from tasks.spec import read_spec

spec = read_spec()
serializer = serializer_of(spec, "json")
OPTIONS = workers.job_options(spec)
TIMEOUT_S = OPTIONS.pop("timeout")


def new_queue() -> Any:
    dump, load = codec(serializer)
    return Queue.from_url(spec.broker_url, dump=dump, load=load, **SETTINGS.of(spec, "broker"))


class Producer:
    """``enqueue`` on a queue of the producer's event loop, or of the worker it runs in."""

    loop_factory = None
    queue: Any = None

    async def open(self) -> None:
        self.queue = new_queue()
        await self.queue.connect()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        name = "threaded" if "threads" in spec.wants else "execute"
        job = await self.queue.enqueue(
            "retried" if kind in RETRIED else name,
            seq=seq,
            kind=kind,
            arg=fitting(serializer, kind, arg),
            priority=queues_of(spec).index(queue) if queue else 0,
            scheduled=math.ceil(time.time() + delay_s) if delay_s else 0,
            timeout=0 if kind == "gate" else timeout_of(spec, kind) or TIMEOUT_S,
            **OPTIONS,
        )
        if job is None:
            raise RuntimeError("SAQ dropped the job: there is one with its key")
        return str(job.key)

    async def call(self, seq: int, kind: str, arg: Any) -> Any:
        return await self.queue.apply(
            "execute",
            seq=seq,
            kind=kind,
            arg=arg,
            timeout=RESULT_S,
            ttl=workers.timing_of(spec)["ttl"],
        )

    async def close(self) -> None:
        await self.queue.disconnect()
