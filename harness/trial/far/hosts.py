"""The other machines of a trial, all together: none where its roles are on this one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from harness.measure.sampler import Usage
from harness.measure.tail import RecordTail
from harness.scenario.run import Run
from harness.trial.far.host import FarHost, cores_here
from harness.trial.trial import Trial
from infrastructure.errors import TrialFailed
from infrastructure.hosts.host import Host


class Hosts:
    def __init__(self, hosts: Sequence[FarHost]) -> None:
        self.hosts = hosts

    def __bool__(self) -> bool:
        return bool(self.hosts)

    def check(self) -> None:
        """Raises TrialFailed where one has not answered."""
        for each in self.hosts:
            if each.lost:
                raise TrialFailed(each.lost)

    def bring(self) -> None:
        """The records so far, of all of them."""
        for each in self.hosts:
            each.bring()

    def touch(self, name: str) -> None:
        for each in self.hosts:
            each.touch(name)

    def inside(self, number: int) -> int:
        return sum(each.inside(number) for each in self.hosts)

    def look(self, memory: bool) -> list[Mapping[str, Usage]]:
        return [each.look(memory=memory) for each in self.hosts]

    def join(self, run: Run, records: Path, workers: Sequence[Host]) -> None:
        """Let a run see what is on them."""
        clocks = run.processes.hosts

        def check() -> None:
            clocks()
            self.check()

        run.processes.hosts = check
        run.tail = Tail(records, self.hosts)
        run.bring = self.bring
        run.gate.opened_elsewhere, run.gate.inside_elsewhere = self.touch, self.inside
        run.cores = cores_of(workers)


class Tail(RecordTail):
    """Of records here and on other machines. A task that was executed on two counts twice: then
    something is wrong already, and accounting says what.
    """

    def __init__(self, records: Path, hosts: Sequence[FarHost]) -> None:
        super().__init__(records)
        self._hosts = hosts

    def poll(self) -> int:
        return super().poll() + sum(each.progress.total for each in self._hosts)

    def completed(self, phase: str) -> int:
        elsewhere = sum(each.progress.completed[phase] for each in self._hosts)
        return super().completed(phase) + elsewhere

    def succeeded(self, phase: str) -> int:
        elsewhere = sum(each.progress.succeeded[phase] for each in self._hosts)
        return super().succeeded(phase) + elsewhere

    def worker_pids(self, phase: str) -> set[int]:
        found = set(super().worker_pids(phase))
        return found.union(*(each.progress.pids.get(phase, ()) for each in self._hosts))


def cores_of(workers: Sequence[Host]) -> int:
    """Of all machines of these hosts; namespaces of this one have its own."""
    far = {host.name: host.far for host in workers}
    others = [each.card.cores for each in far.values() if isinstance(each, FarHost)]
    return sum(others) + (cores_here() if len(others) < len(far) else 0)


@contextmanager
def hosted(trial: Trial) -> Iterator[Hosts]:
    """Every other machine has a part of the trial while it is entered. Raises TrialFailed."""
    places = trial.setup.arm.places
    far = {h.name: (h, h.far) for h in places.others if isinstance(h.far, FarHost)}
    begun: list[FarHost] = []
    try:
        for host, each in far.values():
            each.places = places
            each.begin(trial.folder, host.address)
            begun.append(each)
            trial.environment[f"machine_of_{host.name}"] = each.card.machine
        yield Hosts(begun)
    except TrialFailed as error:  # what a lost one leads to is not the reason
        for each in begun:
            if each.lost:
                raise TrialFailed(each.lost) from error
        raise
    finally:
        for each in begun:
            with suppress(TrialFailed):  # one that is lost ends what it has by itself
                each.finish()
