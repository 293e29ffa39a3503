"""taskiq's workers: what each profile and scenario takes of its command line."""

from typing import Any

from tasks import profiles
from tasks.adapter import Gap
from tasks.frameworks.taskiq.own import SETTINGS
from tasks.frameworks.taskiq.topology import (
    AHEAD,
    acks_of,
    coroutines_of,
    in_pool,
    lists,
    reads_of,
)
from tasks.settings import BROKER, words
from tasks.spec import Spec

MAIN = "tasks.frameworks.taskiq"
GAPS = {
    "group": "pipelines are a package of their own, taskiq-pipelines, which is not in this cell",
    "events": "taskiq has middlewares within its processes, and no stream of events",
    "model=whole": "taskiq turns arguments into JSON types, whatever the serializer",
}


def delays(spec: Spec) -> bool:
    """Whether the trial needs the scheduler."""
    return spec.broker == "redis" and ("retry_s" in spec.wants or spec.scenario == "scheduling")


def task_of(spec: Spec, kind: str) -> str:
    """Name of the task for a body."""
    if "threads" in spec.wants or (in_pool(spec) and kind in profiles.HEAVY):
        return "plain"
    return "retried" if kind in profiles.RETRIED and "retry_s" in spec.wants else "execute"


def labels_of(spec: Spec, kind: str, queue: str) -> dict[str, Any]:
    """Of a task of that kind."""
    limit_s = profiles.timeout_of(spec, kind)
    found: dict[str, Any] = {"timeout": limit_s} if limit_s else {}
    return found | ({"queue_name": queue or "default"} if "queues" in spec.wants else {})


def refuse(spec: Spec) -> None:
    """Raises Gap."""
    profiles.refuse(spec, GAPS, {"results"})
    if "results" in spec.wants and spec.broker != "redis":
        raise Gap("taskiq's results are kept by Redis, and a trial has one server")
    if lists(spec) and (spec.broker != "redis" or "queues" in spec.wants):
        raise Gap("lists are Redis's, and a worker listens to one")
    if lists(spec) and SETTINGS.of(spec, BROKER):
        raise Gap("what is set is of streams: lists have none of it")
    if lists(spec) and spec.wants.get("acks") == "late":
        raise Gap("taskiq pops from a list before the task: there is nothing to acknowledge late")
    if delays(spec) and spec.profile == "default":
        raise Gap("taskiq's stock scheduler looks for new schedules once a minute")


def commands(spec: Spec) -> list[list[str]]:
    """The worker's, and the scheduler's where tasks are delayed on Redis."""
    schedule = ["taskiq", "scheduler", f"{MAIN}:scheduler", "--update-interval", "1"]
    quiet = ["--log-level", "WARNING"]
    scheduled = delays(spec) or "periodic" in spec.wants
    return [worker(spec), [*schedule, *quiet]] if scheduled else [worker(spec)]


def worker(spec: Spec) -> list[str]:
    """The stock command when the profile is ``default``."""
    wants, found = spec.wants, coroutines_of(spec)
    command = ["taskiq", "worker", f"{MAIN}:broker"]
    if spec.profile != "default":
        command += ["-w", str(found.processes), "--max-async-tasks", str(found.concurrency)]
        command += ["--log-level", "WARNING"]
    if acks_of(spec) != "when_saved":
        command += ["--ack-type", acks_of(spec)]
    if spec.profile == "tuned":
        command += ["--max-prefetch", str(AHEAD), "--no-parse"]
    if "threads" in wants:
        command += ["--max-threadpool-threads", str(wants["threads"])]
    if in_pool(spec):
        command += ["--use-process-pool", "--max-process-pool-processes", str(wants["computing"])]
    return command + words(SETTINGS.of(spec, "worker"))


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the serializer, the address and the version."""
    at_a_time = "threads" if "threads" in spec.wants else "coroutines"
    return {
        at_a_time: coroutines_of(spec).concurrency,
        "acks": acks_of(spec),
        "log_level": profiles.log_level_of(spec),
        "no_parse": spec.profile == "tuned",
        **({} if lists(spec) else {"reads": reads_of(spec)}),
    }
