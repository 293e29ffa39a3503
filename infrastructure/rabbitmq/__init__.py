"""RabbitMQ: an installed server, started privately, or a given URL.

A server of ours is looked at by its management plugin, which asks each queue itself: what it says
of classic queues is true at that moment. (Quorum queues tell it every few seconds only.) Nothing
is gathered for it while messages pass. A given server is looked at by AMQP, which knows less.
"""

from infrastructure.rabbitmq.address import URL
from infrastructure.rabbitmq.given import BY_NAME, connect
from infrastructure.rabbitmq.private import RELAXED
from infrastructure.rabbitmq.program import PROVIDERS, find, program_version
from infrastructure.rabbitmq.start import start_server

__all__ = ["BY_NAME", "PROVIDERS", "RELAXED", "URL"]
__all__ += ["connect", "find", "program_version", "start_server"]
