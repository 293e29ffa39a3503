"""A host, as far as starting a process there goes; and which role of a trial runs on which."""

from dataclasses import dataclass

from infrastructure.processes.role import Role

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Host:
    """``name``: as it was typed. ``address``: where its servers listen, and all hosts of the trial
    reach them. ``prefix``: the words that start a command there.

    Processes of every host are children of this one and write into the trial's folder: what makes
    a network namespace a host is its addresses, and a clock of its own where it has one.
    """

    name: str
    address: str = LOOPBACK
    prefix: tuple[str, ...] = ()


HERE = Host("here")


@dataclass(frozen=True)
class Places:
    """Where the roles of a trial run: the broker, the workers with what prepares them, and the
    producers.
    """

    broker: Host = HERE
    worker: Host = HERE
    producer: Host = HERE

    def of(self, role: Role) -> Host:
        return {
            Role.BROKER: self.broker,
            Role.PORT_MAPPER: self.broker,
            Role.WORKERS: self.worker,
            Role.PREPARATION: self.worker,
            Role.PRODUCER: self.producer,
        }.get(role, HERE)

    @property
    def others(self) -> list[Host]:
        """Those that are not this one, each once."""
        named = {h.name: h for h in (self.broker, self.worker, self.producer)}
        return [host for name, host in named.items() if name != HERE.name]

    @property
    def words(self) -> str:
        """``broker=here,worker=netns:w,producer=here``; empty where all is here."""
        if not self.others:
            return ""
        roles = {"broker": self.broker, "worker": self.worker, "producer": self.producer}
        return ",".join(f"{role}={host.name}" for role, host in roles.items())


ALL_HERE = Places()
