"""A running trial: what scenarios are written in.

``ready``, ``warm_up``, then ``gate.close``, ``producers.send`` and ``gate.open``, or
``producers.send_schedule``; then ``drain`` and ``settle``. Everything that can go wrong raises
TrialFailed with the words that go into the trial's row.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from harness.measure.depths import Stretch
from harness.measure.layouts import Array
from harness.measure.metrics import Metric, drain_rate
from harness.measure.records import Records
from harness.measure.sampler import Sampler, idle_rates
from harness.measure.tail import RecordTail
from harness.measure.turns import Turn
from harness.measure.window import Counters, Window
from harness.scenario.cell import CellPython
from harness.scenario.gate import Gate
from harness.scenario.held import Held
from harness.scenario.partner import ALONE, Partner
from harness.scenario.point import Point, fitting
from harness.scenario.processes import Processes
from harness.scenario.producers import REPLY_S, Producers, nothing
from harness.scenario.profiler import Profiler
from harness.scenario.queues import Queues
from harness.scenario.seats import Cores, seated, seats_of
from harness.scenario.workers import POLL_S, Workers
from infrastructure.counted import counted
from infrastructure.errors import BrokerGap, TrialFailed
from infrastructure.network.counts import NOTHING, Counts
from infrastructure.network.link import Link
from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder
from infrastructure.service import Broker
from tasks.records import PHASES
from tasks.spec import Topology

READY_S = 60.0
WARM_UP_S = 60.0  # for the rest of a warm-up's schedule
QUIET_S = 10.0  # no record for so long: what is missing is lost
SETTLE_S = 0.3  # after the last completion, to see duplicates
NAP_US = 20_000
WARM_LEAST = 100  # tasks
WARM_AHEAD_S = 0.4
LEAST_WORK = "least_work_s"  # a fact: CPU seconds that no task of the load can do without


class Run:
    """One trial in progress. Scenarios drive it; nothing here knows what a scenario measures.

    ``windows``, ``marks`` (ns): by name. ``turns``: by window, where arms of a block took turns;
    ``harmed``: what standing still did to this one, in words.
    ``idle``: CPU a second of each role while no task is there. ``facts``: what a scenario found
    while it drove. ``left_in_broker``: tasks still there after the drain, None before.
    ``fitted``: tasks of a backlog that fits the arm, by those of the size, kept for all trials.
    ``stretches``: those in which a depth was held, by the depth; ``unheld``: why none could be.
    ``link``: the network between the broker and everything else, where there is one of a delay.
    ``abandoned``: numbers of the load tasks whose workers were killed within them.
    ``strangers``: processes of other roles than workers, or of none, as they were after the drain;
    ``members``: those of the workers then, and whose each is. ``cores``: that the workers have.
    ``seats``: cores of which each worker process has one for itself while a backlog is drained,
    None where the kernel places them; ``pinned``: how many processes had one, None before.
    ``bring``: have the records of other machines in the folder.
    """

    def __init__(
        self,
        folder: TrialFolder,
        topology: Topology,
        broker: Broker,
        queues: Queues,
        workers: Workers,
        producers: Sequence[Child],
        sampler: Sampler,
        cell: CellPython,
        beside: Sequence[Child] = (),
        profiler: Profiler | None = None,
        adopt: Callable[[Child], None] = lambda _: None,
        partner: Partner = ALONE,
    ) -> None:
        self.folder = folder
        self.topology = topology
        self.broker = broker
        self.queues = queues
        self.workers = workers
        self.sampler = sampler
        self.cell = cell
        self._profiler = profiler
        self._adopt = adopt  # a server that was started in the place of another
        self.partner = partner
        self.processes = Processes(broker, workers, producers, list(beside), partner)
        self.producers = Producers(producers, folder.path, self.processes)
        self.gate = Gate(folder.records, topology, self.producers, self.processes, queues)
        self.tail = RecordTail(folder.records)
        self.windows: dict[str, Window] = {}
        self.turns = dict[str, list[Turn]]()
        self.harmed: list[str] = []
        self.marks: dict[str, int] = {}
        self.idle: dict[str, float] = {}
        self.facts: dict[str, float] = {}
        self.checkpoints: list[dict[str, float]] = []
        self.warmup_send_s = 0.0
        self.fitted: dict[int, int] = {}
        self.stretches = dict[int, list[Stretch]]()
        self.unheld = ""
        self.link: Link | None = None
        self.left_in_broker: int | None = None
        self.abandoned: frozenset[int] = frozenset()
        self.strangers: frozenset[int] = frozenset()
        self.members: dict[int, int] = {}
        self.cores = len(os.sched_getaffinity(0))
        self.seats: Cores | None = None
        self.pinned: int | None = None
        self.bring: Callable[[], None] = nothing

    def put_beyond(self, link: Link) -> None:
        """The broker is at the other end of this network."""
        self.link = link
        self.processes.between.append(link.child)

    def _passed(self) -> Counts:
        """What the network has passed on so far, where there is one."""
        return self.link.counts() if self.link else NOTHING

    # -- looking -------------------------------------------------------------------------------

    def mark(self, name: str) -> None:
        """Remember the instant (ns) under a name."""
        self.marks[name] = time.monotonic_ns()

    def open_window(self, name: str) -> None:
        """Begin a stretch of measurement; a profiler looks at the one named ``load``."""
        if self._profiler and name == "load":
            self._profiler.before_load(self.workers.children)
        counters = Counters.of(self.broker)  # asking costs it CPU: the look comes last
        self.windows[name] = Window(self.sampler.look(), counters, network=self._passed())

    def close_window(self, name: str) -> None:
        window = self.windows[name]
        window.after = self.sampler.look()
        window.network = self._passed().since(window.network)
        window.counted = Counters.of(self.broker).since(window.begun)
        if self._profiler and name == "load":
            self._profiler.after_load()

    @contextmanager
    def in_turns(self, window: str) -> Iterator[None]:
        """Alternate with the other arms of the block, if there are any, while it is entered."""
        if self.partner is ALONE:
            yield
            return
        held = Held(self.processes.clients())
        with self.partner.turns(self.processes.leaders()) as own:
            yield
        self.turns[window] = own
        self.harmed += held.harmed()

    @contextmanager
    def seated(self) -> Iterator[None]:
        """While entered, each worker process is on a core of its own, where that was asked for."""
        if self.seats is None:
            yield
            return
        ran = {pid for phase in PHASES for pid in self.tail.worker_pids(phase)}
        commands = [child.family() for child in self.workers.children]
        seats = seats_of(commands, ran)
        with seated(seats, self.seats, self.workers.members) as self.pinned:
            yield

    @contextmanager
    def segment(self, window: str) -> Iterator[None]:
        """A part of an open loop, while which no other arm of the block is offered anything."""
        own: list[Turn] = []
        with self.partner.segment(own):
            yield
        if own:
            self.turns.setdefault(window, []).extend(own)

    def measure_idle(self, seconds: float) -> None:
        """The idle baseline: CPU a second of each role while no task is there."""
        before = self.sampler.look()
        time.sleep(seconds)
        self.processes.check_alive()
        self.idle = idle_rates(before, self.sampler.look())

    def rest(self, seconds: float, window: str) -> None:
        """A window in which nothing is sent, and nothing of the harness's disturbs: no samples."""
        self.sampler.stop()
        self.open_window(window)
        self.processes.until_quiet(lambda: 0, seconds)
        self.close_window(window)
        self.sampler.start()

    def checkpoint(self, metrics: Sequence[Metric]) -> None:
        """Keep these now: they are stored however the trial ends."""
        self.checkpoints.append({m.name: m.value for m in metrics})
        at, number = time.monotonic_ns(), len(self.checkpoints)
        for metric in metrics:
            self.folder.checkpoint({"number": number, "at_ns": at, **asdict(metric)})

    # -- phases --------------------------------------------------------------------------------

    def ready(self, *, proved: bool = True) -> None:
        """Readiness: every worker process the arm promises has executed a task, and what the gate
        proves is there, where it is to be ``proved``.
        """
        deadline = time.monotonic() + READY_S
        wanted = self.topology.processes
        while len(self.tail.worker_pids("ready")) < wanted:
            self.producers.send("ready", "nap", 2 * self.topology.slots, NAP_US)
            self.wait_completed("ready", max(1.0, deadline - time.monotonic()))
            if time.monotonic() > deadline:
                found = len(self.tail.worker_pids("ready"))
                those = counted(found, "worker process", "worker processes")
                raise TrialFailed(f"{those} took tasks within {READY_S:g} s, asked {wanted}")
        self.mark("ready")
        if not self._profiler:  # whose files are of the process that it began with
            self.workers.keep_up()
        if not proved:
            return
        self.gate.close()
        self.gate.prove()
        self.gate.open()
        self.wait_completed("gate", READY_S)

    def warm_up(self, seconds: float) -> None:
        """One producer keeps live workers busy for ``seconds``, then the rest is worked off.

        Sent in chunks, never further ahead than WARM_AHEAD_S of work: a producer can be a hundred
        times as fast as the workers. ``warmup_send_s`` sums up the time that sending took.
        """
        begin = time.monotonic()
        while (passed := time.monotonic() - begin) < seconds:
            self.tail.poll()
            done = self.tail.completed("warmup")
            rate = done / max(passed, POLL_S)
            if self.producers.issued["warmup"] - done > max(WARM_LEAST, WARM_AHEAD_S * rate):
                self.processes.check_alive()
                time.sleep(POLL_S / 4)
                continue
            chunk = max(WARM_LEAST, round(WARM_AHEAD_S * rate / 4))
            self.warmup_send_s += self.producers.send("warmup", "noop", chunk)
        self.wait_completed("warmup", READY_S)

    def fitting_backlog(self, point: Point) -> int:
        """Tasks of a backlog that fits the arm, by the rate at which it was warmed up: the same in
        all trials of an experiment, once one of them has said it.
        """
        if point.backlog is not None:
            return point.backlog
        if point.size.tasks not in self.fitted:
            self.bring()
            ends = Records.read(self.folder.records, "warmup").runs["end"]
            rate = drain_rate(ends, self.topology.slots)
            self.fitted[point.size.tasks] = fitting(rate, point.size)
        return self.fitted[point.size.tasks]

    def warm_up_calls(self, calls: Array, queues: Sequence[str] = ()) -> None:
        """These calls by one producer, worked off before anything is measured."""
        self.producers.send_calls("warmup", calls, queues)
        self.wait_completed("warmup", REPLY_S)

    def warm_up_schedule(self, calls: Array, steps: int = 1) -> None:
        """The same at the rate of the run to come."""
        self.producers.send_schedule("warmup", calls, steps=steps)
        self.wait_completed("warmup", WARM_UP_S)

    def drain(self, *, quiet_s: float | None = None, succeeded: bool = False) -> bool:
        """Wait until every issued load task has a record, or nothing has come for ``quiet_s``
        (QUIET_S); whether every one has.

        ``succeeded``: until each has one of success, where failed attempts are to be repeated.

        Queue-empty is never completion; what is missing then is lost, and accounting says so.
        A broker or worker that dies ends the trial.
        """
        issued = self.producers.issued["load"]
        count = self.tail.succeeded if succeeded else self.tail.completed

        def done() -> bool:
            return count("load") >= issued

        silence_s = QUIET_S if quiet_s is None else quiet_s
        complete = self.processes.until_quiet(self.tail.poll, silence_s, done)
        self.mark("drained")
        return complete

    def settle(self) -> None:
        """Give duplicates time to show and acknowledgements time to reach the broker."""
        time.sleep(SETTLE_S)
        deadline = time.monotonic() + 5.0
        while (left := self.queues.depth().total) and time.monotonic() < deadline:
            time.sleep(POLL_S)
        self.tail.poll()
        self.left_in_broker = left

    def look_again(self, after_s: float) -> None:
        """Wait until so long after the drain for what comes late, and see who is who."""
        since = self.marks.get("drained", time.monotonic_ns())
        time.sleep(max(0.0, after_s - (time.monotonic_ns() - since) / 1e9))
        self.workers.notice_crashes()
        ran = {pid for phase in PHASES for pid in self.tail.worker_pids(phase)}
        outside = self.processes.outsiders(ran, self.folder.path)
        self.strangers = self.processes.strangers() | outside
        self.members = self.workers.members()

    # -- waiting -------------------------------------------------------------------------------

    def completed(self, phase: str) -> bool:
        self.tail.poll()
        return self.tail.completed(phase) >= self.producers.issued[phase]

    def wait_completed(self, phase: str, seconds: float) -> None:
        """Wait until every issued task of a phase has a record; TrialFailed says what is where."""
        try:
            self.processes.wait(lambda: self.completed(phase), seconds, f"{phase} tasks")
        except TrialFailed as error:
            done, issued = self.tail.completed(phase), self.producers.issued[phase]
            sends = Records.read(self.folder.records, phase).sends
            refused = int((sends["outcome"] != 0).sum())
            said = f"; {counted(refused, 'send')} raised, see the producer's log" if refused else ""
            depth = self.queues.depth()
            left = f"{done} of {issued} tasks have a record, the broker has {depth}"
            raise TrialFailed(f"{error}; {left}{said}") from None

    # -- faults --------------------------------------------------------------------------------

    def pause_broker(self, seconds: float) -> None:
        """Stop the server, and let it go on after so long. Raises BrokerGap."""
        server = self.broker.process
        if server is None:
            raise BrokerGap("this server is no process of ours, so it cannot be paused")
        server.signal_all(signal.SIGSTOP)
        time.sleep(seconds)
        server.signal_all(signal.SIGCONT)

    def restart_broker(self, after_s: float) -> None:
        """End the server, and start it again after so long. Raises BrokerGap."""
        server = self.broker.restart(after_s)
        self._adopt(server)
        self.sampler.watch(server.role, server.pid)
