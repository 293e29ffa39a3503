"""A host that is another machine: the near end, which has things done at the far one.

Texts that go there name files and programs of this machine; they are told by the names that the
same have there.
"""

import itertools
import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.sampler import Usage
from harness.trial.far.broker import FarBroker
from harness.trial.far.process import NEVER, FarChild, FarProcess
from harness.trial.far.wire import (
    ASK_S,
    ENDED,
    NUMBER,
    PROGRESS,
    SAID,
    Message,
    Wire,
    packed,
    unpacked,
)
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import TrialFailed
from infrastructure.hosts.host import Places
from infrastructure.processes.child import HARNESS_PYTHON
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.root import ROOT
from tasks.records import PHASES, RUN_SUFFIX, SEND_SUFFIX

SPEC, BEGIN, FINISH = "spec.json", "begin", "finish"
WITH_PIDS = {RUN_SUFFIX: RUN_TYPE, SEND_SUFFIX: SEND_TYPE}
NOTHING: Mapping[str, int] = dict.fromkeys(PHASES, 0)


@dataclass(frozen=True)
class Card:
    """What the far end says of its machine. ``cells``: interpreters there, by those here.
    ``machine``: what it is, in words.
    """

    root: str
    python: str
    cores: int
    machine: str
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """Tasks done there, by phase; ``pids``: of those who did them, as they stand in records."""

    total: int = 0
    completed: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    succeeded: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    pids: Mapping[str, Sequence[int]] = field(default_factory=dict)


class FarHost:
    """``infrastructure.hosts.host.Far``. ``number``: of the host among those of the trial, from 1.
    ``places`` of the trial, once they are known. ``lost``: why, where nobody answers there.
    """

    def __init__(self, name: str, number: int, wire: Wire, card: Card) -> None:
        self.name, self.card, self.places = name, card, Places()
        self.progress = Progress()
        self._base, self._number, self._wire = number * NEVER, number, wire
        self._folder: TrialFolder | None = None
        self._names: list[tuple[str, str]] = []  # of here and of there, the longest first
        self._processes: dict[int, FarProcess] = {}
        self._children: list[FarChild] = []
        self.lost = ""
        self._early: list[Message] = []  # news of processes whose start was not answered yet
        self._one = threading.Lock()
        self._asked = itertools.count()
        wire.news_to(self._hear)

    def ask(self, do: str, timeout_s: float = ASK_S, **words: Any) -> Any:
        """What is found there. Raises TrialFailed, in the words of the far end; at once for one
        that is lost, until it is asked to begin a trial again.
        """
        if self.lost and do != BEGIN:
            raise TrialFailed(self.lost)
        try:
            answer = self._wire.ask({NUMBER: next(self._asked), "do": do, **words}, timeout_s)
        except (OSError, TimeoutError) as error:
            said = str(error) or f"no answer within {timeout_s:g} s"
            self.lost = f"the host {self.name} does not answer any more: {said}"
            raise TrialFailed(self.lost) from None
        self.lost = ""
        if "refused" in answer:
            raise TrialFailed(f"on {self.name}: {answer['refused']}")
        return answer["found"]

    # -- a trial -------------------------------------------------------------------------------

    def begin(self, folder: TrialFolder, address: str) -> None:
        """Have a folder for this trial there."""
        clients = self.places.clients
        far = self.ask(BEGIN, trial=folder.path.name, address=address, clients=clients)
        self._folder, self.progress = folder, Progress()
        self._processes.clear()
        self._children.clear()
        self._early.clear()
        named = {
            str(folder.path): far,
            str(ROOT): self.card.root,
            HARNESS_PYTHON: self.card.python,
            **self.card.cells,
        }
        self._names = sorted(named.items(), key=lambda pair: -len(pair[0]))

    def finish(self) -> None:
        """Leave nothing of it there but what its processes said last, which is kept here."""
        for child in self._children:
            child.keep_log()
        self.ask(FINISH)
        for process in self._processes.values():
            if process.returncode is None:
                process.ended(None)
        self._folder = None

    def told(self, text: str) -> str:
        """A text by the names that things have there."""
        for here, there in self._names:
            text = text.replace(here, there)
        return text

    def put(self, path: Path) -> None:
        """A file of the trial's folder."""
        if self._folder is None:
            raise TrialFailed(f"{self.name} has no part of a trial")
        data = path.read_bytes()
        if path.suffix == ".json":
            data = self.told(data.decode()).encode()
        name = str(path.relative_to(self._folder.path))
        self.ask("put", name=name, data=packed(data))

    def touch(self, name: str) -> None:
        """An empty file among the records, which tasks there wait for."""
        self.ask("put", name=f"records/{name}", data=packed(b""))

    def inside(self, number: int) -> int:
        return int(self.ask("inside", number=number))

    def bring(self) -> None:
        """The records so far, into the trial's folder here."""
        if self._folder is None:
            return
        for name, data in self.ask("fetch").items():
            self._keep(self._folder.records / Path(name).name, unpacked(data))

    def _keep(self, path: Path, data: bytes) -> None:
        """Process ids of two machines may be equal: those of this one are moved out of the way."""
        dtype = WITH_PIDS.get(path.suffix)
        if dtype is not None:
            records = np.frombuffer(
                data[: len(data) // dtype.itemsize * dtype.itemsize], dtype
            ).copy()
            records["pid"][records["pid"] != 0] += self._base
            data = records.tobytes()
        if path.suffix == ".json":
            path = path.with_name(f"{path.stem}-{self._number}.json")
        path.write_bytes(data)

    # -- processes -----------------------------------------------------------------------------

    def start(
        self,
        argv: Sequence[str],
        role: Role,
        folder: TrialFolder,
        environment: Mapping[str, str],
        name: str,
        *,
        piped: bool,
    ) -> FarChild:
        if self._folder is None:
            raise TrialFailed(f"{self.name} has no part of this trial: {name}")
        if (spec := folder.path / SPEC).exists():
            self.put(spec)
        number, pid = self.ask(
            "start",
            argv=[self.told(word) for word in argv],
            role=str(role),
            environment={key: self.told(value) for key, value in environment.items()},
            name=name,
            piped=piped,
        )
        return self._child(number, pid, role, folder.path / f"{name}.log", piped=piped)

    def _child(self, number: int, pid: int, role: Role, log: Path, *, piped: bool) -> FarChild:
        def write(text: str) -> None:
            self._send_schedule(text)
            self.ask("write", child=number, text=self.told(text))

        process = FarProcess(number, self._base + pid, self.ask, piped=piped, write=write)
        with self._one:
            self._processes[number], early = process, self._early
            self._early = []
        for news in early:
            self._hear(news)
        child = FarChild(role, process, log, self._base, self.ask)
        self._children.append(child)
        return child

    def _send_schedule(self, text: str) -> None:
        """The file that a producer's command names."""
        if schedule := json.loads(text).get("schedule"):
            self.put(Path(schedule))

    def start_broker(
        self,
        choice: BrokerChoice,
        folder: TrialFolder,
        options: Mapping[str, Any],
        keys: Sequence[str],
        durable: bool,
    ) -> FarBroker:
        """As ``BrokerChoice.start``. Raises TrialFailed."""
        known = self.ask(
            "start_broker",
            timeout_s=2 * ASK_S,
            choice=asdict(choice),
            options=dict(options),
            keys=list(keys),
            durable=durable,
        )
        log = folder.path / "broker.log"
        child = None
        if known["child"]:
            number, pid = known["child"]
            child = self._child(number, pid, Role.BROKER, log, piped=False)
        return FarBroker(self.ask, known, child)

    def look(self, *, memory: bool) -> dict[str, Usage]:
        """What each role uses there."""
        found = self.ask("look", memory=memory)
        return {role: Usage(**usage) for role, usage in found.items()}

    # -- news ----------------------------------------------------------------------------------

    def _hear(self, news: Message) -> None:
        """In a thread of the wire's."""
        if PROGRESS in news:
            pids = {p: [self._base + pid for pid in found] for p, found in news["pids"].items()}
            self.progress = Progress(news[PROGRESS], news["completed"], news["succeeded"], pids)
            return
        with self._one:
            process = self._processes.get(news.get(SAID, news.get(ENDED, -1)))
            if process is None:
                self._early.append(news)
                return
        if SAID in news:
            process.said(news["line"])
        else:
            process.ended(news["code"])


def cores_here() -> int:
    return len(os.sched_getaffinity(0))
