"""A running trial: the verbs that scenarios are written in.

``ready``, ``warm_up``, then ``close_gate``, ``send`` and ``open_gate`` or ``send_schedule``, then
``drain`` and ``settle``.
Everything that can go wrong raises TrialFailed with the words that go into the trial's row.
"""

import json
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from harness.measure.metrics import Metric
from harness.measure.recorded import Array, Records, RecordTail
from harness.measure.sampler import Sampler, idle_rates
from harness.measure.turns import Turn
from harness.measure.window import Window
from harness.scenario.partner import ALONE, Partner
from infrastructure.errors import BrokerGap, TrialFailed
from infrastructure.processes.child import Child, cell_environment
from infrastructure.processes.folder import TrialFolder, kill_session
from infrastructure.service import Broker, Depth
from tasks.spec import Phase, Topology

READY_S = 60.0
REPLY_S = 600.0
QUIET_S = 10.0  # no record for so long: what is missing is lost
SETTLE_S = 0.3  # after the last completion, to see duplicates
LEAD_S = 0.2  # from the command to the first intended time
NAP_US = 20_000
GATE_SETTLE_S = 2.0
GATE_HOLD_S = 0.15
WARM_LEAST = 100  # tasks
WARM_AHEAD_S = 0.4
POLL_S = 0.02
DRAIN_POLL_S = 0.1  # reading records takes CPU that the workers could use


# Adds to the workers' environment, and starts those of these places (None: all).
StartWorkers = Callable[[Mapping[str, str], Sequence[int] | None], list[Child]]


class Profiler(Protocol):
    """Looks at the workers while the load lasts."""

    def before_load(self, workers: Sequence[Child]) -> None: ...

    def after_load(self) -> None: ...


class Run:
    """One trial in progress. Scenarios drive it; nothing here knows what a scenario measures."""

    def __init__(
        self,
        folder: TrialFolder,
        topology: Topology,
        depth_names: Mapping[str, Sequence[str]],
        broker: Broker,
        workers: Sequence[Child],
        producers: Sequence[Child],
        sampler: Sampler,
        profiler: Profiler | None = None,
        python: str = "",
        start_workers: StartWorkers | None = None,
        adopted: Callable[[Child], None] = lambda _: None,
        beside: Sequence[Child] = (),
        lingers_s: float = 0.0,
    ) -> None:
        self.folder = folder
        self.topology = topology
        self.broker = broker
        self.workers = list(workers)
        self.producers = producers
        self.beside = list(
            beside
        )  # listener of events, web application, where the point wants them
        self.sampler = sampler
        self._profiler = profiler
        self._python = python  # the cell's
        self._start_workers = start_workers
        self._adopted = adopted
        self._lingers_s = lingers_s
        self._revive_after_s: float | None = None
        self._ended: dict[int, float] = {}  # when a worker was first seen to have ended
        self.revived = 0
        self.tail = RecordTail(folder.records)
        self.windows: dict[str, Window] = {}
        self.partner: Partner = ALONE
        # By window, where the arms of a block took turns.
        self.turns = dict[str, list[Turn]]()
        self.marks: dict[str, int] = {}
        self.idle: dict[str, float] = {}
        self.proofs: list[tuple[str, int, int]] = []  # setting, asked, seen
        self.calls: dict[str, Array] = {}  # by phase, the last that were sent from a schedule
        self.real_time = "no open loop"  # whether producers of one ran so
        self.facts: dict[str, float] = {}  # what a scenario found while it drove
        self.checkpoints: list[dict[str, float]] = []
        self._gates = 0
        self._gated = 0  # tasks that were sent to the last gate
        self.left_in_broker: int | None = None
        self.warmup_send_s = 0.0
        self._depth_names = depth_names
        self._sent: dict[str, int] = {}
        self._issued: dict[str, int] = {}

    # -- watching ------------------------------------------------------------------------------

    def check_alive(self) -> None:
        """Raise TrialFailed when a process of the trial has ended; revive workers if supervised."""
        self.partner.check()
        broker = [self.broker.process] if self.broker.process else []
        self._revive()
        supervised = [] if self._revive_after_s is not None else self.workers
        for child in (*broker, *supervised, *self.producers, *self.beside):
            if not child.alive():
                raise TrialFailed(child.died())

    def wait(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        """Poll until ``done``; raises TrialFailed when a process dies or the time is over."""
        deadline = time.monotonic() + seconds
        while not done():
            self.check_alive()
            if time.monotonic() > deadline:
                raise TrialFailed(f"{what}: not within {seconds:g} s")
            time.sleep(POLL_S)

    def mark(self, name: str) -> None:
        """Remember the instant (ns) under a name."""
        self.marks[name] = time.monotonic_ns()

    def open_window(self, name: str) -> None:
        """Begin a stretch of measurement; a profiler looks at the one named ``load``."""
        if self._profiler and name == "load":
            self._profiler.before_load(self.workers)
        commands, traffic = self.broker.commands(), self.broker.traffic()
        wal = self.broker.wal()
        self.windows[name] = Window(  # asking costs the broker CPU: the look comes last
            before=self.sampler.look(), commands_before=commands, traffic_before=traffic,
            wal_before=wal,
        )  # fmt: skip

    def close_window(self, name: str) -> None:
        window = self.windows[name]
        window.after = self.sampler.look()
        window.commands_after = self.broker.commands()
        window.traffic_after = self.broker.traffic()
        window.wal_after = self.broker.wal()
        if self._profiler and name == "load":
            self._profiler.after_load()

    @contextmanager
    def in_turns(self, window: str) -> Iterator[None]:
        """Alternate with the other arms of the block, if there are any, while it is entered."""
        server = [self.broker.process] if self.broker.process else []
        children = (*self.workers, *self.beside, *self.producers, *server)
        with self.partner.turns([child.pid for child in children]) as own:
            yield
        if own:
            self.turns[window] = own

    def bare_s(self, kind: str, arg: int, times: int) -> float:
        """CPU seconds a call of a body alone, in the cell's Python, without any framework."""
        argv = [self._python, "-m", "tasks.bare", kind, str(arg), str(times)]
        spec = self.folder.path / "spec.json"
        done = subprocess.run(
            argv, env=cell_environment(spec, 0), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise TrialFailed(f"the bare body {kind} failed: {done.stderr[-500:]}")
        return float(done.stdout)

    def checkpoint(self, metrics: Sequence[Metric]) -> None:
        """Keep these now: they are stored however the trial ends."""
        self.checkpoints.append({m.name: m.value for m in metrics})
        at, number = time.monotonic_ns(), len(self.checkpoints)
        for metric in metrics:
            row = {"number": number, "at_ns": at, **asdict(metric)}
            self.folder.checkpoint(row)

    def measure_idle(self, seconds: float) -> None:
        """The idle baseline: CPU a second of each role while no task is there."""
        before = self.sampler.look()
        time.sleep(seconds)
        self.check_alive()
        self.idle = idle_rates(before, self.sampler.look())

    # -- starting and stopping -----------------------------------------------------------------

    def supervise(self, after_s: float) -> None:
        """From now on a worker that ends, for whatever reason, is started again after so long.

        A broker that does not answer meanwhile is what the scenario is about: samples of it are
        left out.
        """
        self._revive_after_s = after_s
        self.sampler.tolerant = True

    def supervised(self, act: Callable[[], None]) -> None:
        """Do it, and keep the supervisor's promise meanwhile, whatever becomes of the broker."""
        with ThreadPoolExecutor(1) as pool:
            doing = pool.submit(act)
            while not doing.done():
                self._revive()
                time.sleep(POLL_S)
            doing.result()

    def _revive(self) -> None:
        """Start those workers again that ended so long ago, if they are supervised."""
        if (after_s := self._revive_after_s) is None:
            return
        now = time.monotonic()
        for index, child in enumerate(self.workers):
            if child.alive():
                continue
            if now - self._ended.setdefault(child.pid, now) >= after_s and self._start_workers:
                (self.workers[index],) = self._start_workers({}, [index])
                self.revived += 1

    def kill_workers(self) -> None:
        """SIGKILL to all worker processes, children included."""
        for child in self.workers:
            kill_session(child.pid)

    def ask_workers_to_end(self) -> None:
        """SIGTERM to every worker command."""
        for child in self.workers:
            child.ask_to_end()

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
        self._adopted(server)
        self.sampler.watch(server.role, server.pid)

    def stop_workers(self, grace_s: float = 10.0) -> None:
        """Ask every worker to end, wait, then kill what is left; and wait until no request of
        theirs can take a task any more.
        """
        self.ask_workers_to_end()
        for child in self.workers:
            child.stop(grace_s=grace_s)
        self.workers = []
        time.sleep(self._lingers_s)

    def stop_beside(self, role: str) -> float:
        """End what runs beside the workers under that name; the seconds it took."""
        begin = time.monotonic()
        for child in [c for c in self.beside if c.role == role]:
            child.stop()
            self.beside.remove(child)
        return time.monotonic() - begin

    def start_workers(self, env: Mapping[str, str] | None = None) -> None:
        """Start them anew, by the same commands; ``env`` is added to their environment."""
        if self._start_workers is None:
            raise RuntimeError("this run was not told how to start workers")
        self.workers = self._start_workers(env or {}, None)

    def imports_s(self, env: Mapping[str, str]) -> float:
        """Seconds that a new process of the cell takes to import the adapter and its framework."""
        spec = self.folder.path / "spec.json"
        done = subprocess.run(
            [self._python, "-m", "tasks.imports"], env={**cell_environment(spec, 0), **env},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise TrialFailed(f"the adapter could not be imported: {done.stderr[-500:]}")
        return float(done.stdout)

    # -- sending -------------------------------------------------------------------------------

    def _command(
        self, phase: Phase, producers: Sequence[Child],
        meanwhile: Callable[[], None] = lambda: None,
    ) -> list[dict[str, Any]]:  # fmt: skip
        for child in producers:
            pipe = child.process.stdin
            if pipe is None or not child.alive():
                raise TrialFailed(child.died())
            try:
                pipe.write(json.dumps(asdict(phase)) + "\n")
                pipe.flush()
            except BrokenPipeError:
                child.process.wait()
                raise TrialFailed(child.died()) from None
        meanwhile()
        replies = [self.hear(child, REPLY_S) for child in producers]
        if phase.real_time:
            self.real_time = "yes" if all(r["real_time"] for r in replies) else "not permitted"
        sent = phase.steps * sum(r["sent"] for r in replies)
        if phase.phase == "warmup":  # nobody waits for a warm-up task whose send raised
            sent -= phase.steps * sum(r["failed"] for r in replies)
        self._issued[phase.phase] = self._issued.get(phase.phase, 0) + sent
        return replies

    def hear(self, child: Child, seconds: float) -> dict[str, Any]:
        """The next line a producer says. Raises TrialFailed when any process dies first."""
        pipe = child.process.stdout
        if pipe is None:
            raise TrialFailed(f"the {child.role} process {child.pid} has no pipe")
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            deadline = time.monotonic() + seconds
            while not selector.select(timeout=0.2):
                self.check_alive()
                if time.monotonic() > deadline:
                    raise TrialFailed(f"the {child.role} did not answer within {seconds:g} s")
        line = pipe.readline()
        if not line:
            child.process.wait()
            raise TrialFailed(child.died())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _next(self, phase: str, count: int) -> int:
        first = self._sent.get(phase, 0)
        self._sent[phase] = first + count
        return first

    def send(
        self, phase: str, kind: str, count: int, arg: int = 0, *, payload: str = "",
        bare: bool = False,
    ) -> float:  # fmt: skip
        """Closed loop: ``count`` tasks by one producer, each after the other; the seconds it took.

        ``bare`` leaves out stamps and records, and the tasks are not waited for.
        """
        (reply,) = self._command(
            Phase(
                phase,
                kind,
                first=self._next(phase, count),
                count=count,
                arg=arg,
                payload=payload,
                bare=bare,
            ),
            self.producers[:1],
        )
        return float(reply["seconds"])

    def send_schedule(
        self, phase: str, calls: Array, *, queues: Sequence[str] = (), virtual: bool = False,
        meanwhile: Callable[[], None] = lambda: None, steps: int = 1,
    ) -> None:  # fmt: skip
        """Open loop: every producer sends its share of the calls (CALL_TYPE), each at its time.

        ``meanwhile`` is called as soon as they have begun. ``steps``: tasks that each leads to, the
        further ones sent by workers and numbered after it.

        In virtual time one producer sends all of it: nobody waits, so order is all there is.
        """
        sharing = self.producers[:1] if virtual else self.producers
        start_ns = time.monotonic_ns() + int(LEAD_S * 1e9)
        self._command(
            self._planned(phase, calls, queues, paced=True, shards=len(sharing),
                          start_ns=start_ns, virtual=virtual, steps=steps,
                          real_time=bool(calls["offset"].any()) and not virtual),
            sharing, meanwhile,
        )  # fmt: skip

    def send_calls(self, phase: str, calls: Array, queues: Sequence[str] = ()) -> float:
        """Closed loop: these calls (CALL_TYPE) by one producer; the seconds it took."""
        (reply,) = self._command(self._planned(phase, calls, queues), self.producers[:1])
        return float(reply["seconds"])

    def _planned(self, phase: str, calls: Array, queues: Sequence[str], **more: Any) -> Phase:
        """A phase of these calls; their file is the trial's."""
        first = self._next(phase, len(calls) * more.get("steps", 1))
        self.calls[phase] = calls
        path = self.folder.path / f"{phase}-{first}.schedule"
        path.write_bytes(calls.tobytes())
        return Phase(phase, first=first, schedule=str(path), queues=tuple(queues), **more)

    # -- phases --------------------------------------------------------------------------------

    def ready(self) -> None:
        """Readiness: every worker process the arm promises has executed a task."""
        deadline = time.monotonic() + READY_S
        wanted = self.topology.processes
        while len(self.tail.worker_pids("ready")) < wanted:
            self.send("ready", "nap", 2 * self.topology.slots, NAP_US)
            self.wait_completed("ready", max(1.0, deadline - time.monotonic()))
            if time.monotonic() > deadline:
                found = len(self.tail.worker_pids("ready"))
                raise TrialFailed(
                    f"{found} worker process(es) took tasks within {READY_S:g} s, asked {wanted}"
                )
        self.mark("ready")
        self.prove_topology()

    def completed(self, phase: str) -> bool:
        self.tail.poll()
        return self.tail.completed(phase) >= self._issued.get(phase, 0)

    def wait_completed(self, phase: str, seconds: float) -> None:
        """Wait until every issued task of a phase has a record; TrialFailed says what is where."""
        try:
            self.wait(lambda: self.completed(phase), seconds, f"{phase} tasks")
        except TrialFailed as error:
            done, issued = self.tail.completed(phase), self._issued.get(phase, 0)
            sends = Records.read(self.folder.records, phase).sends
            refused = int((sends["outcome"] != 0).sum())
            said = f"; {refused} send(s) raised, see the producer's log" if refused else ""
            left = f"{done} of {issued} tasks have a record, the broker has {self.depth()}"
            raise TrialFailed(f"{error}; {left}{said}") from None

    def warm_up(self, seconds: float) -> None:
        """One producer keeps live workers busy for ``seconds``, then the rest is worked off.

        Sent in chunks, never further ahead than WARM_AHEAD_S of work: a producer can be a hundred
        times as fast as the workers. ``warmup_send_s`` sums up the time that sending took.
        """
        begin = time.monotonic()
        while (passed := time.monotonic() - begin) < seconds:
            self.tail.poll()
            rate = self.tail.completed("warmup") / max(passed, POLL_S)
            ahead = self._issued.get("warmup", 0) - self.tail.completed("warmup")
            if ahead > max(WARM_LEAST, WARM_AHEAD_S * rate):
                self.check_alive()
                time.sleep(POLL_S / 4)
                continue
            chunk = max(WARM_LEAST, round(WARM_AHEAD_S * rate / 4))
            self.warmup_send_s += self.send("warmup", "noop", chunk)
        self.wait_completed("warmup", READY_S)

    def warm_up_calls(self, calls: Array, queues: Sequence[str] = ()) -> None:
        """These calls by one producer, worked off before anything is measured."""
        self.send_calls("warmup", calls, queues)
        self.wait_completed("warmup", REPLY_S)

    def warm_up_schedule(self, calls: Array, steps: int = 1) -> None:
        """The same at the rate of the run to come."""
        self.send_schedule("warmup", calls, steps=steps)
        self.wait_completed("warmup", 60)

    def prove_topology(self) -> None:
        """Prove slots, reservations and acks by behaviour, before anything is measured."""
        self.close_gate()
        self.open_gate()
        self.wait_completed("gate", READY_S)

    def close_gate(self) -> None:
        """Occupy every slot with a gate task, so that a backlog can be loaded while nobody drains.

        One task more than there are slots is sent: it must stay outside. How many are inside, and
        how many the broker counts as reserved, is held against what was asked of the arm.
        """
        self._gates += 1
        self._gated = 0
        self._send_gates(self.topology.slots + 1)
        self._fill_slots()
        deadline = time.monotonic() + GATE_SETTLE_S
        while self._differs() and time.monotonic() < deadline:
            time.sleep(POLL_S)  # reservations and early acks travel for a moment
        time.sleep(GATE_HOLD_S)  # and then it must stay so
        self.proofs = self._proofs()

    def _send_gates(self, count: int) -> None:
        self._gated += count
        self.send("gate", "gate", count, self._gates)

    def _fill_slots(self) -> None:
        """Wait until a gate task is in every slot. A process that reserves more than it executes
        may take all there are: the others get those that are sent when none is left to take.
        """
        slots = self.topology.slots
        deadline = time.monotonic() + READY_S
        while not self.until_quiet(self._inside, GATE_SETTLE_S, lambda: self._inside() >= slots):
            if time.monotonic() > deadline:
                raise TrialFailed(f"gate tasks in all {slots} slots: not within {READY_S:g} s")
            if not self.depth().pending:
                self._send_gates(slots - self._inside())

    def _differs(self) -> bool:
        return any(asked != seen for _, asked, seen in self._proofs())

    def _proofs(self) -> list[tuple[str, int, int]]:
        """(setting, asked, seen) while the gate is closed."""
        slots, sent = self.topology.slots, self._gated
        found = [("in_flight", slots, self._inside())]
        if not (self._depth_names["in_flight"] and self.broker.sees_in_flight):
            return found  # this framework's reservations cannot be seen at this broker
        depth = self.depth()
        late = self.topology.acks == "late"
        held = min(self.topology.prefetch or sent, sent) if late else sent - slots
        return [
            *found,
            # Late acks: running tasks are unacknowledged. Early: only those that wait are.
            ("unacknowledged", held, depth.in_flight),
            ("unreserved", sent - held if late else 0, depth.pending),
        ]

    def _inside(self) -> int:
        return sum(1 for _ in self.folder.records.glob(f"gate-{self._gates}-*.in"))

    def open_gate(self) -> None:
        (self.folder.records / f"gate-{self._gates}.open").touch()
        self.mark("gate_open")

    def drain(self, *, quiet_s: float = QUIET_S, succeeded: bool = False) -> bool:
        """Wait until every issued load task has a record, or nothing has come for ``quiet_s``;
        whether every one has.

        ``succeeded``: until each has one of success, where failed attempts are to be repeated.

        Queue-empty is never completion; what is missing then is lost, and accounting says so.
        A broker or worker that dies ends the trial.
        """
        issued = self._issued["load"]
        done = self.tail.succeeded if succeeded else self.tail.completed
        complete = self.until_quiet(self.tail.poll, quiet_s, lambda: done("load") >= issued)
        self.mark("drained")
        return complete

    def until_quiet(
        self, count: Callable[[], int], quiet_s: float, done: Callable[[], bool] = lambda: False
    ) -> bool:
        """Wait until ``done``, or until what ``count`` counts has not grown for ``quiet_s``.

        Whether it was done.
        """
        seen, since = count(), time.monotonic()
        while not done():
            self.check_alive()
            if time.monotonic() - since > quiet_s:
                return False
            time.sleep(DRAIN_POLL_S)
            if (now_seen := count()) != seen:
                seen, since = now_seen, time.monotonic()
        return True

    def depth(self) -> Depth:
        """Tasks at the broker now."""
        return self.broker.depth(self._depth_names)

    def queue_lengths(self) -> list[int]:
        """Tasks that wait in each of the arm's queues, in the order that the scenario wants."""
        return [
            self.broker.depth({"pending": [name]}).pending for name in self._depth_names["pending"]
        ]

    def settle(self) -> None:
        """Give duplicates time to show and acknowledgements time to reach the broker."""
        time.sleep(SETTLE_S)
        deadline = time.monotonic() + 5.0
        while (left := self.depth().total) and time.monotonic() < deadline:
            time.sleep(POLL_S)
        self.tail.poll()
        self.left_in_broker = left

    def readings(self) -> list[dict[str, Any]]:
        """What the running workers said of themselves."""
        files = sorted(Path(self.folder.records).glob("settings-*.json"))
        return [json.loads(path.read_text()) for path in files]
