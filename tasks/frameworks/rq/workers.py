"""How RQ's workers are started by profile and scenario, and what they cannot do."""

from typing import Any

from rq import Retry
from rq.cli.workers import worker as command_line
from rq.serializers import DefaultSerializer, JSONSerializer

from tasks import profiles
from tasks.adapter import Gap
from tasks.profiles import MATCHED_SOURCE, RETRIED, RETRIES, queues_of, serializer_of, usable_cores
from tasks.settings import Own, taken, words
from tasks.spec import Spec, Topology

PROCESSES = {"matched": 2, "default": 1, "tuned": usable_cores()}
MAIN = "tasks.frameworks.rq"
KEPT_S = 500  # its default; and a job that is gone can be depended on no more
CLASSES = {"matched": "SimpleWorker", "default": "Worker", "tuned": "Worker"}
# Named by class: releases before 2.9 know no short names.
SERIALIZERS = {"json": JSONSerializer, "pickle": DefaultSerializer}
SOURCES = {
    "matched": f"{MATCHED_SOURCE}: SimpleWorker, which does not fork; no result, no log lines",
    "default": "rq worker with no options: one worker, a fork a job, results kept for 500 s, four "
    "log lines a job",
    "tuned": "https://github.com/rq/rq/blob/master/docs/benchmark.md, "
    "https://python-rq.org/docs/workers/#performance-notes: the worker that forks, a worker a "
    "core, modules imported before the fork; no result, no log lines",
}
ONE = "an RQ worker runs one job at a time: a process for each in flight"
GAPS = {
    "waiting": ONE, "threads": ONE, "coroutines": ONE,
    "events": "RQ calls back when a job has ended, and has no stream of events",
    "acks=early": "RQ keeps a job in its registry until it has ended, always",
}  # fmt: skip
JOB = taken("ttl", "failure_ttl", job_timeout="timeout")
SETTINGS = Own(
    documented="https://python-rq.org/docs/workers/#command-line-arguments",
    places={
        "worker": taken(
            "worker_ttl", "maintenance_interval", "job_monitoring_interval",
            "disable_default_exception_handler", dequeue_strategy="_dequeue_strategy",
            disable_job_desc_logging=lambda worker: not worker.log_job_description,
        ),
        "job": JOB,
    },
    known={each.name or "" for each in command_line.params} | JOB.keys(),
    decided=frozenset({
        "results_ttl", "with_scheduler", "queues", "burst", "quiet", "logging_level", "serializer",
        "worker_class", "url", "name",
    }),
)  # fmt: skip


def delays(spec: Spec) -> bool:
    """Whether the trial needs the scheduler."""
    return "retry_s" in spec.wants or spec.scenario == "scheduling"


def refuse(spec: Spec) -> None:
    """Raises Gap."""
    profiles.refuse(spec, GAPS, {"results"})
    if serializer_of(spec, "pickle") not in SERIALIZERS:
        raise Gap("RQ serializes by pickle or JSON, or by a class of one's own")
    if spec.wants.get("reserved", 1) != 1:
        raise Gap("an RQ worker reserves the job that it runs, and no other")
    if "results" in spec.wants and spec.profile == "default":
        raise Gap(f"{profiles.STOCK}: it keeps results for 500 s, whoever wants them")
    if delays(spec) and spec.profile == "default":
        raise Gap("the stock command line of RQ starts no scheduler")


def class_of(spec: Spec) -> Any:
    """That by which its jobs are serialized."""
    return SERIALIZERS[serializer_of(spec, "pickle")]


def topology_of(spec: Spec) -> Topology:
    usual = PROCESSES[spec.profile]
    processes = profiles.coroutine_topology(spec, Topology(usual, 1, usual, "late")).processes
    return Topology(processes, 1, processes, "late")


def command(spec: Spec) -> list[str]:
    """The stock one when the profile is ``default``."""
    found = ["rq.cli", "worker"]
    if spec.profile != "default":
        found += ["-q", "-w", f"{MAIN}.{CLASSES[spec.profile]}"]
        found += ["--results-ttl", str(spec.wants.get("results", 0))]
    if serializer_of(spec, "pickle") != "pickle":
        found += ["-S", "rq.serializers.JSONSerializer"]
    if delays(spec):
        found += ["--with-scheduler"]
    if "redeliver_s" in spec.wants:
        found += ["--maintenance-interval", "5", "--worker-ttl", "20", "--results-ttl", "60"]
    if "turns" in spec.wants:
        found += ["--dequeue-strategy", "round_robin"]
    found += words(SETTINGS.of(spec, "worker"))
    return found + (queues_of(spec) if "queues" in spec.wants else [])


def cron_of(spec: Spec) -> list[list[str]]:
    """Its scheduler, where the scenario takes one."""
    cron = ["rq.cli", "cron", "tasks.frameworks.rq.cron", "--logging-level", "WARNING"]
    return [cron] if "periodic" in spec.wants else []


def result_ttl_s(spec: Spec) -> int:
    """A job whose worker died and which keeps no result is done again and again: it is not found
    when it has succeeded.
    """
    if "redeliver_s" in spec.wants:
        return 60
    return KEPT_S if spec.profile == "default" else int(spec.wants.get("results", 0))


def options_of(spec: Spec, kind: str) -> dict[str, Any]:
    """Of a job: those that the scenario takes; a job keeps no result unless the worker says so."""
    limit_s = profiles.timeout_of(spec, kind)
    found: dict[str, Any] = {"job_timeout": limit_s} if limit_s else {}
    if "redeliver_s" in spec.wants:
        usual = {"job_timeout": spec.wants["redeliver_s"], "retry": Retry(max=RETRIES)}
        return usual | found
    if kind in RETRIED and "retry_s" in spec.wants:
        waits = [spec.wants["retry_s"] * 2**n for n in range(RETRIES)]
        found["retry"] = Retry(max=RETRIES, interval=waits)
    return found


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    return {
        "worker": CLASSES[spec.profile],
        "queues": ",".join(queues_of(spec)),
        "serializer": serializer_of(spec, "pickle"),
        "result_ttl_s": result_ttl_s(spec),
        "log_level": profiles.log_level_of(spec),
        "scheduler": delays(spec),
    }


def depth_of(spec: Spec) -> dict[str, list[str]]:
    return profiles.depth_of(
        queues_of(spec),
        pending="list:rq:queue:{}",
        in_flight="zset:rq:wip:{}",
        delayed="zset:rq:scheduled:{}",
    )
