"""How many tasks a worker of taskiq's takes and executes at once, and when it acknowledges them."""

from tasks import profiles
from tasks.frameworks.taskiq.own import SETTINGS
from tasks.profiles import MATCHED_SOURCE, coroutine_topology
from tasks.settings import BROKER
from tasks.spec import Spec, Topology

STOCK_COROUTINES = AHEAD = 100
PROFILES = profiles.coroutine_profiles(stock=(2, STOCK_COROUTINES), tuned=STOCK_COROUTINES)
# What a process takes at once: of a stream, and of RabbitMQ, where the stock number bounds what it
# executes.
XREAD = {"matched": 1, "default": 100, "tuned": 100}
QOS = {"default": 10, "tuned": STOCK_COROUTINES + AHEAD}
SOURCES = {
    "matched": f"{MATCHED_SOURCE}: xread_count or qos of 1; classic queues; no log line a task",
    "default": "taskiq worker MODULE:broker: 2 processes, 100 coroutines, xread_count 100 (qos 10 "
    "on RabbitMQ, in quorum queues), a log line a task",
    "tuned": "https://taskiq-python.github.io/guide/cli.html: --max-prefetch for high message "
    "rates, --no-parse; a process a core, no log line a task",
}
AT_MOST_ONCE = "; a list is popped before the task: at most once"


def lists(spec: Spec) -> bool:
    """Whether the variant is of Redis lists, not streams."""
    return spec.options.get("variant") == "lists"


def in_pool(spec: Spec) -> bool:
    """Whether what computes does so in a process pool, beside what waits."""
    return {"waiting", "computing"} <= set(spec.wants)


def coroutines_of(spec: Spec) -> Topology:
    """Processes, and coroutines in each. Raises Gap."""
    return coroutine_topology(spec, PROFILES[spec.profile])


def reads_of(spec: Spec) -> int:
    """Tasks that a process takes at once."""
    at_a_time, own = coroutines_of(spec).concurrency, SETTINGS.of(spec, BROKER)
    if reads := own.get("xread_count", own.get("qos")):
        return int(reads)
    if spec.broker != "rabbitmq":
        return XREAD[spec.profile]
    return QOS.get(spec.profile, at_a_time) if at_a_time == STOCK_COROUTINES else at_a_time


def topology_of(spec: Spec) -> Topology:
    """Raises Gap."""
    found, reads = coroutines_of(spec), reads_of(spec)
    acks = "early" if lists(spec) else str(spec.wants.get("acks", found.acks))
    if spec.broker == "rabbitmq":
        slots = min(found.concurrency, reads)
        return Topology(found.processes, slots, found.processes * reads, acks)
    ahead = AHEAD if spec.profile == "tuned" else 0
    most = found.concurrency + ahead + (0 if lists(spec) else reads - 1)
    return Topology(found.processes, found.concurrency, found.processes * most, acks)


def source_of(spec: Spec) -> str:
    return SOURCES[spec.profile] + (AT_MOST_ONCE if lists(spec) else "")


def acks_of(spec: Spec) -> str:
    """As taskiq has it."""
    if topology_of(spec).acks == "early":
        return "when_received"
    return "when_saved" if spec.profile == "default" else "when_executed"


def varies(spec: Spec) -> bool:
    """Whether a worker holds some number between what it executes and the most. With early acks it
    holds none that the stream could tell of; what is held of a quorum queue is told late.
    """
    if spec.broker == "rabbitmq":
        return spec.profile != "matched"
    return reads_of(spec) > 1 or acks_of(spec) == "when_received"
