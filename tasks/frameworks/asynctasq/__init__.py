"""AsyncTasQ: coroutine tasks; its stock command line, or a programmatic worker a process.

The command line cannot set everything it offers (some flags do nothing), so profiles other than
``default`` run :class:`asynctasq.Worker` directly. Settings are read from the live Worker object.

Bodies that compute run in its process pool, as a ``SyncProcessTask``: ``@task(process=True)`` loses
its flag on the way to the worker and runs in a thread.
"""

from functools import partial
from pathlib import Path
from typing import Any

import asynctasq
import uvloop
from asynctasq import (
    AsyncTasQIntegration,
    Config,
    DriverFactory,
    SyncProcessTask,
    SyncTask,
    Worker,
)
from asynctasq.core.dispatcher import cleanup, get_dispatcher

from tasks import plugins
from tasks.adapter import Launch
from tasks.frameworks.asynctasq.brokers import BACKENDS, import_client
from tasks.frameworks.asynctasq.configuration import ATTEMPTS, SETTINGS, configure, variables
from tasks.frameworks.asynctasq.events import listen
from tasks.frameworks.asynctasq.live import read_back, settings_of
from tasks.frameworks.asynctasq.workers import (
    SOURCES,
    TASKS_PER_CHILD,
    all_in_pool,
    asked_of,
    refuse,
    topology_of,
    worker_settings,
)
from tasks.probe import Probe, note_ready, write_settings
from tasks.profiles import HEAVY, queues_of, timeout_of
from tasks.spec import Spec, read_spec

__all__ = ["import_client", "launch", "listen", "producer", "web_producer", "work"]

VISIBILITY_S = 3600  # its default
PLUGIN = """\
import asynctasq

@asynctasq.task
async def plugin_{n}(value: int) -> int:
    return value
"""


spec = read_spec()
backend = BACKENDS[spec.broker]
plugins.load(spec, PLUGIN)
if "model" in spec.wants:
    from tasks.models import Base, async_sessions

    Base._asynctasq_session_factory = async_sessions(Path(spec.records))  # noqa: SLF001  its way


def launch(spec: Spec) -> Launch:
    """One command a worker process. Raises Gap."""
    refuse(spec)
    queues = queues_of(spec)
    cli = ["asynctasq", "worker", "--driver", backend.driver]
    if "queues" in spec.wants:
        cli += ["--queues", ",".join(queues)]
    migrate = ["asynctasq", "migrate", "--driver", backend.driver]
    prefix = f"ASYNCTASQ_{backend.driver.upper()}_"
    programmatic = [["tasks.worker"]] * worker_settings(spec)["workers"]
    return Launch(
        workers=[cli] if spec.profile == "default" else programmatic,
        topology=topology_of(spec),
        asked=asked_of(spec),
        depth={
            meaning: [getattr(backend, meaning).format(q=q) for q in queues]
            for meaning in ("pending", "in_flight", "delayed")
        },
        dead=[backend.dead.format(q=q) for q in queues if backend.dead],
        source=SOURCES[spec.profile],
        keys=list(dict.fromkeys(key.format(q=q) for q in queues for key in backend.keys)),
        queues=queues if spec.broker == "sqs" else [],
        before=[migrate] if spec.broker in {"postgresql", "mysql"} else [],
        environment={prefix + name: value for name, value in backend.variables.items()}
        | variables(spec),
    )


class Producer:
    """``dispatch()`` on the loop that ``asynctasq.run`` uses."""

    loop_factory = staticmethod(uvloop.new_event_loop)

    async def open(self) -> None:
        """Connect: the driver would do it in the first dispatch, which is measured."""
        configure(spec)
        await get_dispatcher().driver.get_queue_size("default", False, False)

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        task = task_of(seq, kind, arg)
        if queue:
            task = task.on_queue(queue)
        if delay_s:
            task = task.delay(round(delay_s))  # whole seconds are what it takes
        return str(await task.dispatch())

    async def close(self) -> None:
        await cleanup()  # the driver belongs to this event loop


probe = Probe(spec, partial(read_back, spec), Producer())


@asynctasq.task(
    max_attempts=ATTEMPTS if "retry_s" in spec.wants else 3,
    visibility_timeout=spec.wants.get("redeliver_s", VISIBILITY_S),
)
async def execute(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, arg)


@asynctasq.task(
    timeout=spec.wants.get("timeout_s"),
    visibility_timeout=spec.wants.get("redeliver_s", VISIBILITY_S),
)
async def limited(seq: int, kind: str, arg: Any) -> None:
    await probe.run_async(seq, kind, arg)


class Called:
    """The same as a blocking call, wherever the framework makes it."""

    seq: int
    kind: str
    arg: Any

    def execute(self) -> None:
        probe.run(self.seq, self.kind, self.arg)


class Compute(Called, SyncProcessTask):  # type: ignore[misc]
    """In a process of the pool."""


class Threaded(Called, SyncTask):  # type: ignore[misc]
    """In a thread of the worker."""


def task_of(seq: int, kind: str, arg: Any) -> Any:
    """The framework's task for a body: computing ones go to processes if it has any."""
    if "computing" in spec.wants and (kind in HEAVY or "waiting" not in spec.wants):
        return Compute(seq=seq, kind=kind, arg=arg)
    if "threads" in spec.wants:
        return Threaded(seq=seq, kind=kind, arg=arg)
    return (limited if timeout_of(spec, kind) else execute)(seq, kind, arg)


class ToldWorker(Worker):  # type: ignore[misc]
    """Says when it is ready: connected, its pool made, about to ask for tasks.

    Its own sign of that is an event, ``worker_online``, and events are off by default.
    """

    async def _run(self) -> None:
        note_ready(spec)
        await super()._run()


def work(spec: Spec) -> None:
    """The programmatic worker: what the command line does, without its logging."""
    configure(spec)
    own = worker_settings(spec)
    pool = {"process_pool_size": own["pool"]} if own["pool"] else {}
    if pool:
        pool["process_pool_max_tasks_per_child"] = TASKS_PER_CHILD
    worker = ToldWorker(
        queue_driver=DriverFactory.create(backend.driver, Config.get()),
        queues=queues_of(spec),
        concurrency=own["concurrency"],
        **pool,
        **SETTINGS.of(spec, "worker"),
    )
    if all_in_pool(spec):
        write_settings(Path(spec.records), "main", settings_of(worker, spec))
    asynctasq.run(worker.start())


def producer(_spec: Spec) -> Producer:
    return Producer()


class WebProducer:
    """Its FastAPI integration: the driver opened and closed by its lifespan, and its dispatcher.

    ``task.dispatch()`` would connect by a driver of its own beside it. An endpoint would have the
    dispatcher by ``Depends``, for which FastAPI goes through a thread; here it is asked directly.
    """

    loop_factory = None  # uvicorn's own

    def __init__(self) -> None:
        configure(spec)
        self._integration = AsyncTasQIntegration()
        self._lifespan = self._integration.lifespan(app=None)  # it never looks at it

    async def open(self) -> None:
        await self._lifespan.__aenter__()

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> str:
        if queue or delay_s:
            raise NotImplementedError
        dispatcher = self._integration.get_dispatcher()
        return str(await dispatcher.dispatch(task_of(seq, kind, arg)))

    async def close(self) -> None:
        await self._lifespan.__aexit__(None, None, None)


def web_producer(_spec: Spec) -> WebProducer:
    return WebProducer()
