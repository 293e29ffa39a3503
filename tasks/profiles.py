"""What adapters say alike: topologies, the sources of profiles, refusals."""

import os
from collections.abc import Callable, Container, Iterable, Mapping
from importlib import metadata

from tasks.adapter import Gap
from tasks.spec import BROKER_URL, WANTS, Spec, Topology

MATCHED = Topology(processes=2, concurrency=1, prefetch=2, acks="late")
MATCHED_SOURCE = "same processes, tasks in flight, reservations and late acks for every arm"
STOCK = "the stock command line stays as it is"
RETRIED = {"flaky", "charge"}  # kinds that fail on purpose: the framework is to try again
RETRIES = 5
RESULT_S = 60.0  # that a caller waits for a result
# Wants that few frameworks can give: a gap in these words unless the adapter ``gives`` them.
FIXED = "this framework does not scale itself: the number of its workers is fixed"
UNUSUAL = {
    "autoscale": FIXED, "retire_s": FIXED,
    "results": "this framework stores no result that a caller could wait for",
}  # fmt: skip
HEAVY = {"pbkdf2", "spin", "digest"}  # kinds for processes where others wait beside them


def usable_cores() -> int:
    """Cores that this process may run on; ``os.cpu_count`` where a framework counts them all."""
    return len(os.sched_getaffinity(0))


def coroutine_profiles(stock: tuple[int, int], tuned: int) -> dict[str, Topology]:
    """Processes, and coroutines in each, by profile: as of every arm; as by the ``stock`` command
    line; and a process a core, with so many each.
    """
    processes, each = stock
    cores = usable_cores()
    return {
        "matched": MATCHED,
        "default": Topology(processes, each, processes * each, "late"),
        "tuned": Topology(cores, tuned, cores * tuned, "late"),
    }


def coroutines(stock: tuple[int, int], tuned: int) -> Callable[[Spec], Topology]:
    """``topology_of`` an adapter with these ``coroutine_profiles``."""
    usual = coroutine_profiles(stock, tuned)
    return lambda spec: coroutine_topology(spec, usual[spec.profile])


def place_and_version(distribution: str, broker_url: str = BROKER_URL) -> dict[str, str]:
    """What every worker is held to, and reads back of itself: where it is connected to, and the
    framework's version.
    """
    return {"broker_url": broker_url, "framework_version": metadata.version(distribution)}


def log_level_of(spec: Spec) -> str:
    """Of the framework's own lines: those of each task on the stock command line only."""
    return "INFO" if spec.profile == "default" else "WARNING"


def depth_of(queues: Iterable[str], **places: str) -> dict[str, list[str]]:
    """``Launch.depth``: places by their meaning, ``{}`` in them standing for a queue's name."""
    named = list(queues)
    return {meaning: [place.format(name) for name in named] for meaning, place in places.items()}


def rows_of(
    queues: Iterable[str], count: str, due: str, *, waiting: str, running: str
) -> dict[str, list[str]]:
    """``Launch.depth`` where jobs are rows with a state, and those whose time has come are ``due``;
    ``count`` ends where a state begins.
    """
    return depth_of(
        queues,
        pending=f"{count}'{waiting}' AND {due}",
        in_flight=f"{count}'{running}'",
        delayed=f"{count}'{waiting}' AND NOT {due}",
    )


def queues_of(spec: Spec, usual: str = "default") -> list[str]:
    """The scenario's queues, the most urgent first, or the framework's usual one."""
    return list(spec.wants.get("queues", [usual]))


def refuse(spec: Spec, gaps: Mapping[str, str], gives: Container[str] = ()) -> None:
    """Raises Gap where the scenario takes of the workers what the adapter cannot give, in the words
    of ``gaps``: at all (``events``), or with a value (``acks=early``). ``gives``: what it can, of
    that which few can.
    """
    for want, value in spec.wants.items():
        if words := gaps.get(want) or gaps.get(f"{want}={value}"):
            raise Gap(words)
        if want in UNUSUAL and want not in gives:
            raise Gap(UNUSUAL[want])
        if want not in WANTS:
            raise Gap(f"the {spec.framework} adapter cannot give: {want}")


def coroutine_topology(spec: Spec, usual: Topology) -> Topology:
    """Of worker processes that run coroutines (and threads, where the adapter has any): the
    profile's, or what the scenario takes instead.

    What waits and what computes shares one process where the scenario has both. The stock command
    line stays as it is: raises Gap where a point's name would say something else.
    """
    wants = spec.wants
    if spec.profile == "default":
        refuse_stock(spec, usual)
        return usual
    for name in ("waiting", "coroutines", "threads"):
        if name in wants:
            return Topology(1, wants[name], wants[name], usual.acks)
    processes = wants.get("computing", wants.get("processes", usual.processes))
    each = 1 if "computing" in wants else wants.get("reserved", usual.concurrency)
    return Topology(processes, each, processes * each, usual.acks)


def refuse_stock(spec: Spec, stock: Topology) -> None:
    """Raises Gap where the stock command line has other processes than the scenario takes."""
    wants = spec.wants
    if "reserved" in wants:
        raise Gap(f"{STOCK}: tuning starts from the matched profile")
    beside = {} if "waiting" in wants else wants  # beside waiting nobody names a number
    asked = wants.get("processes", beside.get("computing", stock.processes))
    if asked != stock.processes:
        raise Gap(f"{STOCK}: its processes are {stock.processes}, not {asked}")


def thread_topology(spec: Spec, usual: Topology) -> Topology:
    """Of worker processes with threads: the profile's, or what the scenario takes instead; reserves
    as many a thread as the profile. What waits beside what computes: in threads of its processes.

    Raises Gap where the stock command line, which stays as it is, would be something else.
    """
    if spec.profile == "default":
        refuse_stock(spec, usual)
        return usual
    wants = spec.wants
    processes, threads = wants.get("processes", usual.processes), usual.concurrency
    if "computing" in wants:
        processes, threads = wants["computing"], 1
    for name in ("waiting", "threads", "coroutines"):
        if name in wants:
            processes = wants.get("computing", 1)
            threads = -(-wants[name] // processes)
    each = wants.get("reserved", usual.prefetch // usual.slots * threads)
    return Topology(processes, threads, processes * each, usual.acks)


def timeout_of(spec: Spec, kind: str) -> int | None:
    """Seconds after which the framework is to end a task of the kind, None: as it usually does.
    Those that hold a gate take as long as they are told to.
    """
    return int(spec.wants["timeout_s"]) if kind == "hang" and "timeout_s" in spec.wants else None


def serializer_of(spec: Spec, usual: str) -> str:
    """The framework's own, unless the scenario takes another; an object of SQLAlchemy's passes as
    pickle only.
    """
    whole = spec.wants.get("model") == "whole"
    return str(spec.wants.get("serializer", "pickle" if whole else usual))


def refuse_all_but_late_json(spec: Spec, framework: str) -> None:
    """Raises Gap where the scenario takes another serializer, or another acknowledgement, than a
    framework has whose jobs are rows of JSON, done when they have ended.
    """
    if serializer_of(spec, "json") != "json":
        raise Gap(f"{framework} keeps a job's arguments as JSON, always")
    if spec.wants.get("acks", "late") != "late":
        raise Gap(f"a job of {framework}'s is done when it has ended, always")


def priority_of(spec: Spec, queue: str) -> int:
    """How many of the scenario's queues are less urgent, where urgency is a priority: the higher
    the sooner. All are alike where they are to be, and where the profile is the stock way, whose
    tasks have none.
    """
    queues = queues_of(spec)
    alike = spec.profile == "default" or "turns" in spec.wants
    return 0 if alike or not queue else len(queues) - 1 - queues.index(queue)
