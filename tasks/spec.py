"""What the host tells the cell: one JSON file per trial, and a phase command per line.

The spec is read from the path in the environment variable ``BENCH_SPEC``, since a framework's
own command line leaves no room for an argument of ours.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

SPEC_VARIABLE = "BENCH_SPEC"
PLACE_VARIABLE = "BENCH_PLACE"  # which of the arm's commands a worker is, from 0
# Stand in a setting or an environment where the host puts the trial's broker: all of its URL, and
# the parts of it.
BROKER_URL = "{broker_url}"
BROKER_ADDRESS = "{broker_address}"  # without the user
BROKER_USER = "{broker_user}"
BROKER_PASSWORD = "{broker_password}"  # noqa: S105  a place for one
BROKER_REGION = "{broker_region}"


def without_user(url: str) -> str:
    """``http://user:password@host:port/x`` without the user information."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def region_of(url: str) -> str:
    """``eu-west-1`` of ``https://sqs.eu-west-1.amazonaws.com``, us-east-1 of any other address."""
    labels = (urlsplit(url).hostname or "").split(".")
    named = len(labels) > 3 and labels[0] == "sqs" and labels[2] == "amazonaws"
    return labels[1] if named else "us-east-1"


def on_broker(value: str, url: str) -> str:
    """A value of an environment with the broker in it."""
    parts = urlsplit(url)
    places = {
        BROKER_URL: url, BROKER_ADDRESS: without_user(url),
        BROKER_USER: unquote(parts.username or ""),
        BROKER_PASSWORD: unquote(parts.password or ""), BROKER_REGION: region_of(url),
    }  # fmt: skip
    for place, found in places.items():
        value = value.replace(place, found)
    return value


@dataclass(frozen=True)
class Topology:
    """How many worker processes an arm runs and what each may hold.

    ``processes``: processes that execute tasks. ``concurrency``: tasks each of them executes at
    a time. ``prefetch``: tasks the whole arm may have unacknowledged at the broker (0: no limit),
    executing ones among them where acks are late. ``acks``: ``late`` (after the task) or ``early``
    (before it).
    """

    processes: int
    concurrency: int
    prefetch: int
    acks: str

    @property
    def slots(self) -> int:
        """Tasks in flight when all workers are busy."""
        return self.processes * self.concurrency


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What an adapter says of its workers beside how they start (``tasks.adapter.Launch``).

    ``dead``: where the framework keeps tasks that it has given up, as in ``depth``; empty: nowhere.
    ``keys``: patterns of the keys the framework makes at a broker of keys, for removing them
    from a given server; tables at a server of tables (PostgreSQL: patterns too, of all that they
    name there), queues at one of queues.
    ``queues``: those that must exist before the framework comes. ``before``: module commands that
    are run to their end, one after the other, before the workers start (migrations).
    ``environment``: what workers and ``before`` see besides, with places for the trial's broker.
    Commands have none: every user of the machine can read those.
    ``lingers_s``: for how long a request of an ended worker may still take a task from the broker,
    seconds (SQS answers a long poll whose client is gone).
    ``varies``: how many of the topology's ``prefetch`` workers have reserved is never the same, so
    that the gate can prove no number.
    """

    dead: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    queues: list[str] = field(default_factory=list)
    before: list[list[str]] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    lingers_s: float = 0.0
    varies: bool = False


# What a scenario may take of the workers: see Spec. What of it an adapter cannot give is in its
# GAPS, with the reason.
WANTS = frozenset({
    "waiting", "coroutines", "threads", "computing", "processes", "reserved", "queues",
    "turns", "serializer", "retry_s", "acks", "redeliver_s", "onward", "events", "web", "model",
    "plugins", "units", "timeout_s", "group", "periodic", "autoscale", "retire_s", "results",
})  # fmt: skip


@dataclass(frozen=True)
class Spec:
    """One trial, as the cell sees it.

    ``options`` are the framework's own (the stub's mutants). ``api``: address of the mock API;
    ``web``: of the web application. ``adapter``: a file of the user's that is the adapter, instead
    of the project's own. ``wants`` is what the scenario takes of the workers, whatever
    the profile; an adapter that cannot raises ``tasks.adapter.Gap``:

    - ``waiting``: tasks in flight in one process, by whatever waits best;
    - ``coroutines``: the same, as coroutines whatever they do; ``threads``: the same in threads;
    - ``computing``: processes with a task at a time each, in bodies that compute;
    - ``processes``: of the usual kind, instead of the profile's;
    - ``reserved``: tasks that each process has reserved: executing all, or one while the rest
      waits, as the framework does;
    - ``queues``: names, the most urgent first, ``default`` among them;
    - ``turns``: none of these is the more urgent: workers take turns where the framework can;
    - ``serializer``: ``json``, ``pickle``, ``msgpack``;
    - ``retry_s``: tries again after that, and after twice as long each further time;
    - ``acks``: ``early``, ``late``;
    - ``redeliver_s``: a dead worker's tasks are handed out again after that, where the framework
      can do it at all;
    - ``onward``: a task may send another;
    - ``events``: the framework's stream of task events is on, and somebody listens;
    - ``web``: tasks are sent by a web application;
    - ``model``: a SQLAlchemy object is an argument (``whole``), or its id is (``id``);
    - ``plugins``: so many other task modules are loaded too;
    - ``timeout_s``: a task of kind ``hang`` is ended after that, by the framework's own means;
    - ``group``: so many tasks are sent as one group, and a task follows when all have succeeded;
    - ``periodic``: the framework's own scheduler starts ``probe.tick`` every second;
    - ``autoscale``: one worker process at rest, and up to so many while there is work;
      ``retire_s``: one that had no task for so long is ended;
    - ``results``: a task's result, its number, is stored, and kept for so many seconds;
    - ``units``: the workers are started so many times over, each time as the other wants say.

    An arm may take some of it too (``take`` among its options), for every scenario that does not
    name it. Beside these a point may take ``stock``, the framework's stock command line whatever
    the arm's profile: adapters see a spec of the profile ``default`` (``taking``).
    """

    framework: str
    broker: str
    broker_url: str
    profile: str
    scenario: str
    records: str
    options: dict[str, Any] = field(default_factory=dict)
    wants: dict[str, Any] = field(default_factory=dict)
    api: str = ""
    web: str = ""
    adapter: str = ""

    def taking(self, wants: Mapping[str, Any]) -> "Spec":
        """The same where a scenario takes this of the workers, beside what the arm itself takes."""
        taken = {**self.options.get("take", {}), **wants}
        rest = {name: value for name, value in taken.items() if name != "stock"}
        return replace(self, wants=rest, profile="default" if "stock" in taken else self.profile)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1))


def read_spec() -> Spec:
    """The spec of this process. Raises KeyError when BENCH_SPEC is not set."""
    return Spec(**json.loads(Path(os.environ[SPEC_VARIABLE]).read_text()))


@dataclass(frozen=True)
class Phase:
    """One command to the producer: send these tasks now.

    ``count`` equal tasks of ``kind`` and ``arg``, each after the other; or those of ``schedule``,
    a file of CALL records (``tasks.records``), of which ``queues`` are the names of queues.
    ``paced``: an open loop, the intended time of task i is ``start_ns`` and its offset, whatever
    happened before it; ``real_time`` where that time is worth coming first for. ``shards``
    producers share a schedule, each taking every shards-th task. ``payload``: every task's argument
    is this name and the object of it (``tasks.payloads``). ``first`` is the sequence number of the
    first task; each leads to ``steps`` tasks in all, of which workers send the further ones,
    numbered after it. ``group``: so many tasks and the one that follows them are sent by one call,
    and have consecutive numbers. ``virtual``: do not wait, the stamps are the schedule's (the
    stub's virtual time only). ``bare``: without a stamp or record, to see what those cost.
    ``callers``: so many at a time send a task and wait for its result before they send the next;
    the acknowledgement is then the moment that the caller has it.
    """

    phase: str
    kind: str = ""
    first: int = 0
    count: int = 0
    schedule: str = ""
    paced: bool = False
    real_time: bool = False
    payload: str = ""
    queues: tuple[str, ...] = ()
    shards: int = 1
    steps: int = 1
    group: int = 0
    start_ns: int = 0
    arg: int = 0
    virtual: bool = False
    bare: bool = False
    callers: int = 0
