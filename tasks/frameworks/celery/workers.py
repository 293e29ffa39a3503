"""What Celery's workers are: what the profile says, what a scenario takes instead, or a gap."""

import logging
import os

from celery.app.defaults import DEFAULTS

from tasks import profiles
from tasks.adapter import Gap
from tasks.frameworks.celery.brokers import RESULTS, kept_results
from tasks.profiles import MATCHED, MATCHED_SOURCE, STOCK, usable_cores
from tasks.settings import Own, set_of, taken
from tasks.spec import Spec, Topology

OPTIMIZING = "https://docs.celeryq.dev/en/stable/userguide/optimizing.html"
SOURCES = {
    "matched": MATCHED_SOURCE,
    "default": "celery worker, no options: prefork, a process a core, prefetch 4 each, early acks",
    "tuned": f"{OPTIMIZING}#prefetch-limits: multiplier 128 for many short tasks, "
    "1 where latency matters; gossip, mingle and heartbeat off",
}
GAPS = {"coroutines": "Celery has no tasks that are coroutines"}
GIVES = {"autoscale", "retire_s", "results"}


LINE = taken(loglevel=lambda worker: logging.getLevelName(worker.loglevel))
SETTINGS = Own(
    documented="https://docs.celeryq.dev/en/stable/userguide/configuration.html",
    places={"conf": taken(*DEFAULTS), "line": LINE},
    known=DEFAULTS.keys() | LINE.keys(),
    decided=frozenset({
        "accept_content", "broker_transport_options", "broker_url", "result_backend",
        "task_acks_late", "task_default_queue", "task_ignore_result", "task_serializer",
        "worker_concurrency", "worker_pool",
    }),
)  # fmt: skip


def acks_of(spec: Spec) -> str:
    usual = MATCHED.acks if spec.profile == "matched" else "early"
    return str(spec.wants.get("acks", usual))


def pool_of(spec: Spec) -> str:
    """``threads`` or ``solo`` when the arm's variant says so; ``threads`` where the scenario takes
    them; else ``prefork``.
    """
    variant = str(spec.options.get("variant"))
    fitting = "threads" if wants_threads(spec) and spec.profile != "default" else "prefork"
    return variant if variant in {"threads", "solo"} else fitting


def wants_threads(spec: Spec) -> bool:
    """Whether tasks are to be in flight in one process: they only wait, or threads are asked."""
    return "threads" in spec.wants or ("waiting" in spec.wants and "computing" not in spec.wants)


def slots_of(spec: Spec) -> int:
    """Tasks at a time: what the scenario takes, or the profile's. The stock command line stays."""
    if pool_of(spec) == "solo":
        return 1
    if spec.profile == "default":
        return os.cpu_count() or 1
    for name in ("waiting", "threads", "computing", "processes", "autoscale"):
        if name in spec.wants:
            return int(spec.wants[name])
    return MATCHED.processes if spec.profile == "matched" else usable_cores()


def topology_of(spec: Spec) -> Topology:
    """Slots are processes in a prefork pool, threads of one process otherwise."""
    slots = slots_of(spec)
    usual = {"matched": 1, "default": 4}.get(spec.profile, 1)
    if spec.profile == "tuned" and spec.scenario == "throughput":
        usual = 128
    usual = set_of(spec).get("worker_prefetch_multiplier", usual)
    multiplier = spec.wants.get("reserved", usual)
    acks = acks_of(spec)
    if pool_of(spec) == "threads":
        return Topology(1, slots, multiplier * slots, acks)
    return Topology(slots, 1, multiplier * slots, acks)


def environment(spec: Spec) -> dict[str, str]:
    """Of the workers: how soon a pool that scales itself ends an idle process has no other place
    (``celery.worker.autoscale``).
    """
    if "retire_s" not in spec.wants:
        return {}
    return {"AUTOSCALE_KEEPALIVE": str(spec.wants["retire_s"])}


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    profiles.refuse(spec, GAPS, GIVES)
    if spec.profile == "default" and "reserved" in spec.wants:
        raise Gap(f"{STOCK}: tuning starts from the matched profile")
    if spec.profile == "default" and "autoscale" in spec.wants:
        raise Gap(f"{STOCK}: its processes are as many as there are cores, and stay so")
    refuse_pool(spec)
    if "group" in spec.wants and not kept_results(spec):
        raise Gap("a chord wants results in Redis or a database, and a trial has one server")
    if "results" in spec.wants and not kept_results(spec):
        raise Gap("SQS can hold no results of Celery's, and a trial has one server")
    if (kept := kept_results(spec)) and spec.broker not in RESULTS[kept]:
        places = " or ".join(sorted(RESULTS[kept]))
        raise Gap(f"{kept} wants {places}: a trial has one server, for tasks and results")


def refuse_pool(spec: Spec) -> None:
    """Raises Gap where a point's name would say something else than the pool does."""
    wants, found = spec.wants, topology_of(spec).processes
    if wants_threads(spec) and pool_of(spec) == "prefork":
        raise Gap(f"{STOCK}: its pool is prefork, a process for each task in flight")
    if pool_of(spec) == "solo" and {"waiting", "threads"} & set(wants):
        raise Gap("a solo pool executes one task at a time")
    if "waiting" in wants:  # beside computing, where no number is named
        return
    asked = wants.get("processes", wants.get("computing", found))
    if asked != found:
        which = STOCK if spec.profile == "default" else f"a {pool_of(spec)} pool is one process"
        raise Gap(f"{which}: its processes are {found}, not {asked}")
