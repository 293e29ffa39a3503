"""The clocks of a trial's hosts: asked before, during and after it, and whether they answer."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from harness.measure.clocks import SAME, Clock, Ping, estimate
from harness.measure.records import CLOCKS
from harness.trial.trial import Trial
from infrastructure.errors import TrialFailed
from infrastructure.hosts.clock import Pinger
from infrastructure.hosts.host import HERE, Host
from infrastructure.processes.child import HARNESS_PYTHON, Child, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.root import ROOT
from infrastructure.servers import start_on_free_port

BURST = 50  # pings before and after
EVERY_S, AT_A_TIME = 0.2, 3
# Neighbours of a processor's core make some pings slow; the least of many is what counts.


class Timekeeper:
    """Pings the clocks of hosts, by their names, in a thread of its own between ``begin`` and
    ``end``. ``lost``: what was said of a host that did not answer, empty while all do.
    """

    def __init__(self, pingers: Mapping[str, Pinger]) -> None:
        self._pingers = pingers
        self._pings: dict[str, list[Ping]] = {name: [] for name in pingers}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="timekeeper", daemon=True)
        self.lost = ""

    def begin(self) -> None:
        """Raises TrialFailed where a host does not answer."""
        self._look(BURST)
        self.check()
        self._thread.start()

    def end(self) -> dict[str, Clock]:
        """Every clock over the time of the trial. Raises TrialFailed."""
        self.close()
        self._look(BURST)
        self.check()
        return {name: over_all(pings) for name, pings in self._pings.items()}

    def close(self) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def check(self) -> None:
        """Raises TrialFailed where a host no longer answers."""
        if self.lost:
            raise TrialFailed(self.lost)

    def there(self, host: str, here_ns: int) -> int:
        """What the clock of a host will show soon, when the one here shows this."""
        if host not in self._pings:
            return here_ns
        latest = self._pings[host][-BURST:]
        return estimate(latest, latest[-1].back, latest[-1].back).there(here_ns)

    def _run(self) -> None:
        while not self.lost and not self._stop.wait(EVERY_S):
            self._look(AT_A_TIME)

    def _look(self, times: int) -> None:
        for name, pinger in self._pingers.items():
            try:
                self._pings[name] += [Ping(*pinger.ping()) for _ in range(times)]
            except OSError as error:
                self.lost = f"the host {name} does not answer any more: {error}"
                return


def over_all(pings: list[Ping]) -> Clock:
    return estimate(pings, pings[0].sent, pings[-1].back)


@contextmanager
def timekeeping(trial: Trial) -> Iterator[Timekeeper]:
    """Keep the time of the trial's hosts while it is entered; then tell whoever reads its records.

    Raises TrialFailed where a host is lost, whatever that led to.
    """
    pingers: dict[str, Pinger] = {}
    keeper = Timekeeper(pingers)
    children: list[Child] = []
    places = trial.setup.arm.places
    if not places.others:
        yield keeper
        return
    trial.environment["places"] = places.words
    try:
        for host in places.others:
            child, pingers[host.name] = start_clock(trial.folder, host)
            children.append(child)
        keeper = Timekeeper(pingers)
        keeper.begin()
        yield keeper
        note_clocks(trial, keeper.end())
    except Exception as error:
        if keeper.lost:
            raise TrialFailed(keeper.lost) from error
        raise
    finally:
        keeper.close()
        for pinger in pingers.values():
            pinger.close()
        for child in children:
            child.stop()


def start_clock(folder: TrialFolder, host: Host) -> tuple[Child, Pinger]:
    """Start the clock of a host, and connect to it. Raises TrialFailed."""

    def begin(port: int) -> Child:
        argv = [HARNESS_PYTHON, "-m", "infrastructure.hosts.clock", host.address, str(port)]
        return start(argv, Role.CLOCK, folder, {"PYTHONPATH": str(ROOT)}, "clock", host=host)

    def answering(port: int, child: Child) -> tuple[Child, Pinger] | None:
        with suppress(OSError):
            return child, Pinger(host.address, port)
        return None

    return start_on_free_port(begin, answering, f"the clock of {host.name}")


def note_clocks(trial: Trial, clocks: Mapping[str, Clock]) -> None:
    """For the readers of its records, and for the trial's row."""
    write_clocks(trial.folder.records, clocks)
    places = trial.setup.arm.places
    for name, clock in clocks.items():
        trial.environment[f"clock_of_{name}"] = clock.words
    producer = places.producer.name
    if apart := [host.name for host in places.workers if host.name != producer]:
        own_ns = clocks.get(producer, SAME).bound_ns
        trial.clock_bound_ns = own_ns + max(clocks.get(name, SAME).bound_ns for name in apart)
        trial.add("clock_bound", trial.clock_bound_ns / 1e3, "us")


def write_clocks(records: Path, clocks: Mapping[str, Clock]) -> None:
    known = {name: asdict(clock) for name, clock in clocks.items() if name != HERE.name}
    (records / CLOCKS).write_text(json.dumps(known))
