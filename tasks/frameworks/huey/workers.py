"""How Huey's consumers are started by profile and scenario, what they cannot do, and where its
tasks stand.
"""

from typing import Any

from huey import Huey
from huey.consumer_options import OptionParserHandler, config_keys
from huey.storage import PostgresStorage, RedisStorage

from tasks import profiles
from tasks.adapter import Gap
from tasks.profiles import MATCHED_SOURCE, STOCK, coroutine_topology, queues_of, usable_cores
from tasks.settings import Own, parameters, taken, words
from tasks.spec import Spec, Topology

PROCESSES = {"matched": 2, "default": 1, "tuned": usable_cores()}
SOURCES = {
    "matched": f"{MATCHED_SOURCE}; but tasks are popped before they run, at most once; no results, "
    "no log lines",
    "default": "huey_consumer MODULE.huey with no options: one thread, two log lines a task",
    "tuned": "https://huey.readthedocs.io/en/latest/consumer.html: processes for what computes, "
    "one a core, threads for what waits; no results, no log lines",
}
GAPS = {
    "periodic": "Huey's periodic tasks are by the minute",
    "coroutines": "Huey does not run coroutines",
    "events": "Huey has signals within the consumer, and no stream of events",
    "turns": "a Huey consumer reads one queue, in which some are the more urgent",
    "acks=late": "Huey pops a task before it runs: there is nothing to acknowledge afterwards",
}
NAME = "bench"
OPTIONS = OptionParserHandler()
# Releases before 3.4 have no choice: SIGINT lets tasks end.
HAS_SIGNAL = "graceful_signal" in config_keys
WAITING = taken("blocking", "read_timeout")
SETTINGS = Own(
    documented="https://huey.readthedocs.io/en/latest/consumer.html",
    places={
        "consumer": taken(
            "backoff", "max_delay", "max_tasks", "shutdown_timeout", "scheduler_interval",
            delay="default_delay", health_check_interval="_health_check_interval",
            no_periodic=lambda consumer: not consumer.periodic,
            disable_health_check=lambda consumer: not consumer._health_check,  # noqa: SLF001
        ),
        "huey": taken(
            "results", "store_none", "utc", compression="serializer.comp",
            use_zlib="serializer.use_zlib", **{name: f"storage.{name}" for name in WAITING},
        ),
    },
    known=parameters(Huey, RedisStorage, PostgresStorage) | {
        option.removeprefix("--").replace("-", "_")
        for _, option, _ in (*OPTIONS.get_worker_options(), *OPTIONS.get_scheduler_options())
    },
    decided=frozenset({
        "workers", "worker_type", "graceful_signal", "quiet", "verbose", "immediate", "name",
        "serializer", "storage_class", "url", "dsn", "create_tables",
    }),
)  # fmt: skip


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    profiles.refuse(spec, GAPS, {"results"})
    if profiles.serializer_of(spec, "pickle") != "pickle":
        raise Gap("Huey pickles, or serializes by a class of one's own")


def topology_of(spec: Spec) -> Topology:
    """Raises Gap where the stock command line would be something else."""
    usual = PROCESSES[spec.profile]
    found = coroutine_topology(spec, Topology(usual, 1, usual, "early"))
    if "threads" in spec.wants and spec.profile == "default":
        raise Gap(f"{STOCK}: its threads are 1, not {spec.wants['threads']}")
    return found


def storage_of(spec: Spec) -> str:
    if spec.broker == "postgresql":
        return "PostgresStorage"
    return "PriorityRedisStorage" if "queues" in spec.wants else "RedisStorage"


def urgency(spec: Spec) -> dict[str, int]:
    """Priority of each of the scenario's queues: the higher, the sooner."""
    return {queue: place for place, queue in enumerate(reversed(queues_of(spec)))}


def depth_of(spec: Spec) -> dict[str, list[str]]:
    """Where tasks stand at the broker; what is at work stands nowhere."""
    priorities = [urgency(spec)[queue] for queue in queues_of(spec)]
    if spec.broker == "postgresql":
        count = "SELECT count(*) FROM huey_task WHERE priority ="
        pending = [f"{count} {priority}" for priority in priorities]
        delayed = ["SELECT count(*) FROM huey_schedule"]
    elif "queues" in spec.wants:  # the lower the score, the sooner
        pending = [f"scored:huey.redis.{NAME}/{-priority}" for priority in priorities]
        delayed = [f"zset:huey.schedule.{NAME}"]
    else:
        pending, delayed = [f"list:huey.redis.{NAME}"], [f"zset:huey.schedule.{NAME}"]
    return {"pending": pending, "in_flight": [], "delayed": delayed}


def consumer_of(spec: Spec) -> tuple[str, int]:
    """What its workers are, threads or processes, and how many each consumer has."""
    topology = topology_of(spec)
    if topology.concurrency > 1 or spec.profile == "default":
        return "thread", topology.concurrency
    return "process", topology.processes


def commands(spec: Spec) -> list[list[str]]:
    """One of processes, or one of threads a process."""
    kind, workers = consumer_of(spec)
    command = ["huey.bin.huey_consumer", "tasks.frameworks.huey.huey"]
    if spec.profile != "default":
        command += ["-k", kind, "-w", str(workers), "-q"]
        command += ["-g", "TERM"] if HAS_SIGNAL else []
    command += words(SETTINGS.of(spec, "consumer"))
    return [command] * (topology_of(spec).processes if kind == "thread" else 1)


def keeps_results(spec: Spec) -> bool:
    """As by default, for who waits for them, and where a chord counts its members by them."""
    return spec.profile == "default" or bool({"group", "results"} & set(spec.wants))


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    kind, workers = consumer_of(spec)
    stock = spec.profile == "default"
    return {
        "workers": workers,
        "worker_type": kind,
        "graceful_signal": "INT" if stock or not HAS_SIGNAL else "TERM",
        "results": keeps_results(spec),
        "log_level": profiles.log_level_of(spec),
        "storage": storage_of(spec),
    }
