"""What a process of a trial is there for."""

from enum import StrEnum


class Role(StrEnum):
    """A role's CPU and memory are summed over its processes. PREPARATION ends before the workers
    start; the last seven are there only where a scenario, a broker or a profiler wants them.
    """

    BROKER = "broker"
    WORKERS = "workers"
    PRODUCER = "producer"
    PREPARATION = "preparation"
    API = "api"
    WEB = "web"
    LISTENER = "listener"
    PROFILER = "profiler"
    NETWORK = "network"
    CLOCK = "clock"
    PORT_MAPPER = "epmd"
