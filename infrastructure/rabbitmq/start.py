"""Starting a RabbitMQ server of ours."""

from collections.abc import Mapping

from infrastructure.errors import TrialFailed
from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder
from infrastructure.rabbitmq.private import ADVANCED, CONFIG, PLUGINS, Private, wait_ready
from infrastructure.rabbitmq.running import Rabbit
from infrastructure.servers import PORT_TRIES, hash_of


def start_server(
    program: str, folder: TrialFolder, more: Mapping[str, str], *, durable: bool
) -> Rabbit:
    """Start a private server on free loopback ports. Raises TrialFailed with its log's end.

    ``durable`` changes nothing: the frameworks publish persistent messages to durable queues, and
    the server keeps those over a restart in any case.
    """
    del durable
    for _ in range(PORT_TRIES):
        private = Private(program, folder, more)
        try:
            child = private.start()
            if wait_ready(child, private):
                return served(private, child, more)
        except BaseException:
            private.end()
            raise
        again = private.port_was_taken()
        private.end()
        if not again:
            break
    raise TrialFailed(f"the broker did not start: {private.why_not() or child.died()}")


def served(private: Private, child: Child, more: Mapping[str, str]) -> Rabbit:
    version = private.management.version()
    pinned = {**CONFIG, **more, "advanced": ADVANCED, "plugins": PLUGINS, "version": version}
    server = Rabbit(private.url, f"rabbitmq {version}", hash_of(pinned), child, private.management)
    server.private = private
    return server
