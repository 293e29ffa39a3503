"""What of a trial is on a host that is another machine: the far end, told what to do there.

It has a folder of its own, in which its processes write their records; these stay there until they
are fetched. While the load runs, it says how many tasks are done, five times a second, and what its
processes use when it is asked.
"""

import os
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from harness.measure.sampler import Sampler
from harness.measure.tail import RecordTail
from harness.trial.far.wire import ENDED, PROGRESS, SAID, Tell, packed, unpacked
from infrastructure.brokers import BrokerChoice
from infrastructure.hosts.host import HERE, Host, Places
from infrastructure.processes.child import PASSED, Child, start
from infrastructure.processes.folder import TrialFolder, end_processes
from infrastructure.processes.role import Role
from infrastructure.service import Broker, Depth
from tasks.records import PHASES

LOOK_S = 0.05
LOOKS_OF_PROGRESS = 4
# What a trial asks of a broker (``infrastructure.service.Broker``).
ASKED = {
    "create",
    "depth",
    "commands",
    "late_commands",
    "traffic",
    "wal",
    "memory",
    "stored",
    "keys",
}


class Part:
    """``do`` carries out what is named, by the methods below; ``tell`` is told what happens.
    ``programs``: that may be started.
    """

    def __init__(self, folder: TrialFolder, programs: Collection[str], tell: Tell) -> None:
        self.folder, self._programs, self._tell = folder, programs, tell
        self._children: list[Child] = []
        self._told: set[int] = set()  # children whose end was told
        self._broker: Broker | None = None
        self._sampler = Sampler(lambda: Depth(0, 0, 0))
        self._tail = RecordTail(folder.records)
        self._counted = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)
        self._thread.start()

    @classmethod
    def begin(
        cls,
        spool: Path,
        programs: Collection[str],
        tell: Tell,
        *,
        trial: str,
        address: str,
        clients: Sequence[str],
    ) -> "Part":
        """``address``: of this host; ``clients``: from where its broker is used."""
        folder = TrialFolder.create(spool, trial, {})
        (folder.path / "tmp").mkdir()
        here = Host(HERE.name, address)
        folder.places = Places(here, tuple(Host(each, each) for each in clients), here, here)
        return cls(folder, programs, tell)

    def do(self, name: str, words: Mapping[str, Any]) -> Any:
        """Raises ValueError for what it cannot do."""
        if name not in DOES:
            raise ValueError(f"{name!r} is nothing that is done on a host")
        return getattr(self, name)(**words)

    # -- files ---------------------------------------------------------------------------------

    def put(self, name: str, data: str) -> None:
        """A file of the folder."""
        path = self.folder.path / name
        if ".." in path.parts or not path.is_relative_to(self.folder.path):
            raise ValueError(f"{name!r} is no file of the trial")
        path.write_bytes(unpacked(data))

    def inside(self, number: int) -> int:
        """Gate tasks that hold a slot here."""
        return sum(1 for _ in self.folder.records.glob(f"gate-{number}-*.in"))

    def fetch(self) -> dict[str, str]:
        """Every file that processes here have left among the records."""
        files = [path for path in self.folder.records.iterdir() if path.suffix != ".in"]
        return {path.name: packed(path.read_bytes()) for path in files}

    # -- processes -----------------------------------------------------------------------------

    def start(
        self, argv: Sequence[str], role: str, environment: Mapping[str, str], name: str, piped: bool
    ) -> tuple[int, int]:
        """A child's number and its process id. Raises TrialFailed, and ValueError for a program
        that is none of this machine's cells.
        """
        if argv[0] not in self._programs:
            raise ValueError(f"{argv[0]!r} is no interpreter of a cell or harness here")
        if "BENCH_SPEC" in environment:
            own = {name: os.environ[name] for name in PASSED if name in os.environ}
            environment = {**environment, **own, "TMPDIR": str(self.folder.path / "tmp")}
        child = start(argv, Role(role), self.folder, environment, name, piped=piped)
        return self._adopt(child)

    def _adopt(self, child: Child) -> tuple[int, int]:
        self._children.append(child)
        number = len(self._children) - 1
        self._sampler.watch(child.role, child.pid)
        if child.process.stdout is not None:
            threading.Thread(target=self._listen, args=(number, child), daemon=True).start()
        return number, child.pid

    def write(self, child: int, text: str) -> None:
        """To its standard input."""
        pipe = self._children[child].process.stdin
        if pipe is not None:
            pipe.write(text)
            pipe.flush()

    def ask_to_end(self, child: int, number: int) -> None:
        self._children[child].ask_to_end(number)

    def signal_all(self, child: int, number: int) -> None:
        self._children[child].signal_all(number)

    def stop(self, child: int, number: int, grace_s: float) -> tuple[bool, int | None]:
        """Whether it ended when it was asked, and its exit code."""
        ended = self._children[child].stop(number, grace_s)
        return ended, self._children[child].process.returncode

    def log(self, child: int) -> str:
        return self._children[child].tail()

    def family(self, child: int) -> list[int]:
        return sorted(self._children[child].family())

    def look(self, *, memory: bool) -> dict[str, Any]:
        """What each role uses here."""
        return {role: asdict(usage) for role, usage in self._sampler.look(memory=memory).items()}

    # -- broker --------------------------------------------------------------------------------

    def start_broker(
        self,
        choice: Mapping[str, Any],
        options: Mapping[str, Any],
        keys: Sequence[str],
        durable: bool,
    ) -> dict[str, Any]:
        """Raises TrialFailed or UsageError."""
        broker = self._broker = BrokerChoice(**choice).start(self.folder, options, keys, durable)
        return {
            "url": broker.url,
            "version": broker.version,
            "config_hash": broker.config_hash,
            "sees_in_flight": broker.sees_in_flight,
            "child": self._adopt(broker.process) if broker.process else None,
        }

    def ask_broker(self, method: str, words: Sequence[Any]) -> Any:
        if self._broker is None or method not in ASKED:
            raise ValueError(f"no broker here is asked for {method!r}")
        found = getattr(self._broker, method)(*words)
        return asdict(found) if isinstance(found, Depth) else found

    def stop_broker(self) -> None:
        broker, self._broker = self._broker, None
        if broker is not None:
            broker.stop()

    # -- looking -------------------------------------------------------------------------------

    def _listen(self, number: int, child: Child) -> None:
        with suppress(ValueError):  # it was closed, with its process
            for line in child.process.stdout or ():
                self._tell({SAID: number, "line": line})
        self._tell({SAID: number, "line": ""})  # its end

    def _watch(self) -> None:
        looks = 0
        while not self._stop.wait(LOOK_S):
            looks += 1
            for number, child in enumerate(list(self._children)):
                if number not in self._told and child.has_ended():
                    self._sampler.look()  # what it has taken is known until it is collected
                    if child.alive():  # who stops it is about to know its code: at the next look
                        continue
                    self._told.add(number)
                    self._tell({ENDED: number, "code": child.process.returncode})
            if looks % LOOKS_OF_PROGRESS == 0:
                self._tell_progress()

    def _tell_progress(self) -> None:
        total = self._tail.poll()
        if total == self._counted:
            return
        self._counted = total
        done, good, pids = (
            {phase: asked(phase) for phase in PHASES}
            for asked in (self._tail.completed, self._tail.succeeded, self._pids)
        )
        self._tell({PROGRESS: total, "completed": done, "succeeded": good, "pids": pids})

    def _pids(self, phase: str) -> list[int]:
        return sorted(self._tail.worker_pids(phase))

    def finish(self) -> None:
        """End what is left of it, and remove its folder."""
        self._stop.set()
        self._thread.join()
        self.stop_broker()
        end_processes(self.folder.path)
        for child in self._children:
            child.collect()
        self.folder.remove()


DOES = {
    "put",
    "inside",
    "fetch",
    "start",
    "write",
    "ask_to_end",
    "signal_all",
    "stop",
    "log",
    "family",
    "look",
    "start_broker",
    "ask_broker",
    "stop_broker",
}
