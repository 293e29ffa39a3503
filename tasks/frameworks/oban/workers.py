"""How Oban's workers are started by profile and scenario, and what they cannot do."""

from typing import Any

from oban._config import Config

from tasks import profiles
from tasks.adapter import Gap
from tasks.settings import Own, taken
from tasks.spec import Spec

DOCS = "https://oban.pro/docs/py"
SOURCES = {
    "matched": f"{profiles.MATCHED_SOURCE}; done jobs stay, no log lines",
    "default": "oban start --queues default:10, the queue and the number of its pages",
    "tuned": f"{DOCS}/defining_queues.html: 20 at a time where jobs wait for others; a process a "
    "core, no log lines",
}
GAPS = {
    "periodic": "Oban's cron is by the minute",
    "group": "workflows are Oban Pro's, and not of the package",
    "threads": "Oban runs coroutines, and has no threads for functions that block",
    "turns": "a queue of Oban's has slots of its own: what shares them is more urgent or less",
    "results": "Oban records what a job returns on the job, and has no call that waits for it",
    "events": "Oban tells of its jobs by telemetry, within the process",
}
QUEUE = "default"
POOL = taken(pool_min_size="min_size", pool_max_size="max_size", pool_timeout="timeout")
PARTS = {  # of the Oban object, with what each takes
    "stager": ("interval", "limit"),
    "lifeline": ("interval", "rescue_after"),
    "pruner": ("interval", "max_age", "limit"),
    "refresher": ("interval", "max_age"),
}
TIMES = {f"{part}.{name}": f"_{part}._{name}" for part in PARTS for name in PARTS[part]}
SETTINGS = Own(
    documented=DOCS,
    places={
        "oban": {**TIMES, **taken(shutdown_grace_period="_shutdown_grace_period")},
        "pool": POOL,
    },
    known=TIMES.keys() | POOL.keys() | set(Config.__dataclass_fields__),
    decided=frozenset({"dsn", "queues", "name", "node", "prefix", "leadership"}),
)
topology_of = profiles.coroutines(stock=(1, 10), tuned=20)


def attempts_of(spec: Spec) -> dict[str, int]:
    """Of a job: Oban's own 20 by the stock command line; being given back is an attempt too."""
    if {"retry_s", "redeliver_s"} & set(spec.wants):
        return {"max_attempts": 1 + profiles.RETRIES}
    return {} if spec.profile == "default" else {"max_attempts": 1}


def refuse(spec: Spec) -> None:
    """Raises Gap on what cannot be had."""
    profiles.refuse(spec, GAPS)
    profiles.refuse_all_but_late_json(spec, "Oban")
    if spec.profile == "default" and SETTINGS.of(spec, "oban"):
        raise Gap(f"{profiles.STOCK}: it takes such a setting from a file alone")
    if "redeliver_s" in spec.wants and spec.profile == "default":
        raise Gap(f"{profiles.STOCK}: a job is given back 300 s after its start")


def command(spec: Spec) -> list[str]:
    slots = topology_of(spec).concurrency
    cli = ["oban", "start", "--queues", f"{QUEUE}:{slots}"]
    return cli if spec.profile == "default" else ["tasks.worker"]


def lifeline(spec: Spec) -> dict[str, float]:
    """When jobs that were begun and not ended are given back."""
    if "redeliver_s" not in spec.wants:
        return {}
    return {"interval": 1.0, "rescue_after": float(spec.wants["redeliver_s"])}


def options_of(spec: Spec) -> dict[str, Any]:
    """Of the Oban object, beside its pool and queues."""
    found: dict[str, Any] = {"lifeline": lifeline(spec)}
    for name, value in SETTINGS.of(spec, "oban").items():
        part, _, inner = name.partition(".")
        if inner:
            found.setdefault(part, {})[inner] = value
        else:
            found[name] = value
    return found


def pool_of(spec: Spec) -> dict[str, Any]:
    """What the arm sets of the pool of connections, as a call has it."""
    own = SETTINGS.of(spec, "pool")
    return {name.removeprefix("pool_"): value for name, value in own.items()}


def pool_variables(spec: Spec) -> dict[str, str]:
    """The same as workers have it, in their environment."""
    own = SETTINGS.of(spec, "pool")
    return {f"OBAN_{name.upper()}": str(value) for name, value in own.items()}


def asked_of(spec: Spec) -> dict[str, Any]:
    """What workers are held to, beside the address and the version."""
    return {
        "queues": {QUEUE: topology_of(spec).concurrency},
        "log_level": profiles.log_level_of(spec),
        "loop": "uvloop",
        **lifeline(spec),
    }
