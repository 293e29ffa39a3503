"""A host, as far as starting a process there goes; and which role of a trial runs on which."""

from dataclasses import dataclass
from typing import Any, Protocol

from infrastructure.processes.role import Role

LOOPBACK = "127.0.0.1"


class Far(Protocol):
    """Another machine, as far as starting a process there goes."""

    def start(self, *words: Any, **more: Any) -> Any:
        """As ``infrastructure.processes.child.start``, which calls it."""


@dataclass(frozen=True)
class Host:
    """``name``: as it was typed. ``address``: where its servers listen, and all hosts of the trial
    reach them. ``prefix``: the words that start a command there.

    Processes of a host of this machine are children of this one and write into the trial's folder:
    what makes a network namespace a host is its addresses, and a clock of its own where it has one.
    ``far``: another machine.
    """

    name: str
    address: str = LOOPBACK
    prefix: tuple[str, ...] = ()
    far: Far | None = None


HERE = Host("here")


@dataclass(frozen=True)
class Places:
    """Where the roles of a trial run: the broker, the workers, a group of them on each of their
    hosts, and the producers. ``harness``: this host, with its address towards the others.
    """

    broker: Host = HERE
    workers: tuple[Host, ...] = (HERE,)
    producer: Host = HERE
    harness: Host = HERE

    def of(self, role: Role) -> Host:
        return {
            Role.BROKER: self.broker,
            Role.PORT_MAPPER: self.broker,
            Role.WORKERS: self.workers[0],
            Role.PREPARATION: self.workers[0],
            Role.PRODUCER: self.producer,
        }.get(role, HERE)

    def of_worker(self, place: int, commands: int) -> Host:
        """Of the worker of this place among so many commands: as many are on each host."""
        return self.workers[place * len(self.workers) // commands]

    @property
    def others(self) -> list[Host]:
        """Those that are not this one, each once."""
        named = {h.name: h for h in (self.broker, *self.workers, self.producer)}
        return [host for name, host in named.items() if name != HERE.name]

    @property
    def clients(self) -> list[str]:
        """The addresses from which the broker is used: of every role, and of the harness."""
        hosts = (self.harness, *self.workers, self.producer, self.broker)
        return list(dict.fromkeys(host.address for host in hosts))

    @property
    def words(self) -> str:
        """``broker=here,worker=netns:w+netns:x,producer=here``; empty where all is here."""
        if not self.others:
            return ""
        workers = "+".join(host.name for host in self.workers)
        return f"broker={self.broker.name},worker={workers},producer={self.producer.name}"


ALL_HERE = Places()
