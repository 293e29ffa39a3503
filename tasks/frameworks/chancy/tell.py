"""What a worker of Chancy's says of itself: by a plugin, as no job sees its worker."""

from pathlib import Path

from chancy import Chancy, Worker
from chancy.plugin import Plugin

from tasks import live
from tasks.frameworks.chancy import workers
from tasks.frameworks.chancy.workers import SETTINGS
from tasks.probe import note_ready, write_settings
from tasks.spec import read_spec

spec = read_spec()


class Tell(Plugin):  # type: ignore[misc]  # known in its cell only
    """Writes what the worker runs with when a queue's executor is there."""

    @staticmethod
    def get_identifier() -> str:
        return "bench.tell"

    async def run(self, worker: Worker, _chancy: Chancy) -> None:  # before a queue is started
        worker.hub.on("worker.queue.started", lambda _: tell(worker))


def tell(worker: Worker) -> None:
    """Of the live worker and its executors; a process of a pool knows neither."""
    settings = {
        "queues": {name: workers.told(each.queue) for name, each in worker.executors.items()},
        "log_level": live.log_level(worker.chancy.log.name),
        "send_outgoing_interval": worker.send_outgoing_interval,
        "broker_url": worker.chancy.pool.conninfo,
        **{name: getattr(worker, name) for name in workers.beats(spec)},
        **SETTINGS.read(
            spec, worker=worker, app=worker.chancy, queue=worker.executors[workers.QUEUE].queue
        ),
    }
    write_settings(Path(spec.records), "main", settings)
    note_ready(spec)
