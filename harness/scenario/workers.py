"""The workers of a running trial: ended, started anew, or started again when they end.

A worker that ends by its own error is started again and counted, as by a supervisor in production:
what the framework does to itself is part of its figures. One that somebody killed ends the trial;
so do workers none of which does anything, since their tasks stand still.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from harness.measure.sampler import Sampler
from infrastructure.errors import TrialFailed
from infrastructure.processes.child import Child
from infrastructure.processes.folder import kill_session

POLL_S = 0.02
# A program that ends is started again at once, but no sooner than a second after its last start,
# and as often as it takes (runit, daemontools: cr.yp.to/daemontools/supervise.html).
BETWEEN_STARTS_S = 1.0
# systemd gives a service up that was started five times within ten seconds, whatever it has done
# (StartLimitBurst=, StartLimitIntervalSec=: systemd-system.conf(5)).
SYSTEMD_STARTS, WITHIN_S = 5, 10.0

# Adds to the workers' environment, and starts those of these places (None: all).
StartWorkers = Callable[[Mapping[str, str], Sequence[int] | None], list[Child]]


@dataclass(frozen=True)
class Restart:
    """Of a worker: the process ``pid`` came in the place of one that was asked to end and ended at
    these instants (ns); ``killed``: it did not end by itself.
    """

    pid: int
    asked_ns: int
    ended_ns: int
    killed: bool


class Workers:
    """``children``: a process for each of the arm's commands, in their order, while they run.

    ``lingers_s``: how long a request of an ended worker may still take a task. ``crashes``: what
    was said of each worker that ended by its own error and was started again; ``too_often``:
    whether one did so more often than systemd's defaults allow. ``restarts``: of workers that were
    asked to end and started anew, one after the other. ``begun``: the ids of all commands, those
    that have ended among them.
    """

    def __init__(
        self,
        children: Sequence[Child],
        start: StartWorkers,
        sampler: Sampler,
        lingers_s: float = 0.0,
    ) -> None:
        self.children = list(children)
        self.revived = 0
        self.crashes: list[str] = []
        self.too_often = False
        self.restarts: list[Restart] = []
        self.begun = {child.pid for child in children}
        self._commands = start
        self._sampler = sampler
        self._lingers_s = lingers_s
        self._kept_up = False
        self._crashed_at: dict[int, list[float]] = {}  # by place: each worker is a service
        self._started_at: dict[int, float] = {}  # by place, when it was started last
        self._revive_after_s: float | None = None
        self._ended: dict[int, float] = {}  # when a worker was first seen to have ended, by pid

    def _start(self, env: Mapping[str, str], places: Sequence[int] | None) -> list[Child]:
        children = self._commands(env, places)
        now = time.monotonic()
        self._started_at |= dict.fromkeys(range(len(children)) if places is None else places, now)
        self.begun |= {child.pid for child in children}
        for child in children:
            self._ended.pop(child.pid, None)  # numbers are given again
        return children

    def check(self) -> None:
        """Raise TrialFailed when one has ended; start it again instead, if they are supervised or
        kept up.
        """
        if self._revive_after_s is not None:
            self._revive(self._revive_after_s)
            return
        for place, child in enumerate(self.children):
            if child.has_ended():
                self._look_after(place, child)

    def keep_up(self) -> None:
        """From now on one that ends by its own error is started again, and counted."""
        self._kept_up = True

    def notice_crashes(self) -> None:
        """Count those too that ended by their own error and that nobody may check any more."""
        if not self._kept_up or self._revive_after_s is not None:
            return
        for place, child in enumerate(self.children):
            if not child.has_ended() or not self._note_end(child):
                continue
            if child.process.returncode > 0:
                self._note_crash(place, child)
            else:
                del self._ended[child.pid]  # no crash: whoever checks them says so

    def _look_after(self, place: int, child: Child) -> None:
        """Note that a worker crashed, and start it again once it is time. Raises TrialFailed where
        that is not what happened.
        """
        now = time.monotonic()
        if self._note_end(child):
            code = child.process.returncode
            if not self._kept_up or not code or code < 0:
                raise TrialFailed(child.died())
            self._note_crash(place, child)
        if now - self._started_at.get(place, -math.inf) >= BETWEEN_STARTS_S:
            (self.children[place],) = self._start({}, [place])

    def _note_end(self, child: Child) -> bool:
        """Whether nobody had seen it before."""
        if child.pid in self._ended:
            return False
        self._ended[child.pid] = time.monotonic()
        self._sampler.look()  # what it has taken is known until it is collected
        child.alive()
        return True

    def _note_crash(self, place: int, child: Child) -> None:
        now = self._ended[child.pid]
        kill_session(child.pid)  # children that it left
        self.crashes.append(said_of(child))
        before = [at for at in self._crashed_at.get(place, []) if now - at < WITHIN_S]
        self.too_often |= len(before) >= SYSTEMD_STARTS
        self._crashed_at[place] = [*before, now]

    def supervise(self, after_s: float) -> None:
        """From now on a worker that ends, for whatever reason, is started again after so long.

        A broker that does not answer meanwhile is what the scenario is about: samples of it are
        left out.
        """
        self._revive_after_s = after_s
        self._sampler.tolerant = True

    def supervised(self, act: Callable[[], None]) -> None:
        """Do it, and keep the supervisor's promise meanwhile, whatever becomes of the broker."""
        with ThreadPoolExecutor(1) as pool:
            doing = pool.submit(act)
            while not doing.done():
                if self._revive_after_s is not None:
                    self._revive(self._revive_after_s)
                time.sleep(POLL_S)
            doing.result()

    def _revive(self, after_s: float) -> None:
        """Start those again that ended so long ago."""
        for place, child in enumerate(self.children):
            if not child.has_ended():
                continue
            self._note_end(child)
            if time.monotonic() - self._ended[child.pid] >= after_s:
                (self.children[place],) = self._start({}, [place])
                self.revived += 1

    def members(self) -> dict[int, int]:
        """By process of a worker, the id of the command that it belongs to."""
        return {pid: child.pid for child in self.children for pid in child.family()}

    def logs(self) -> list[Path]:
        """Where they write; one that is started again goes on in the same file."""
        return [child.log for child in self.children]

    def kill(self) -> None:
        """SIGKILL to all worker processes, children included."""
        self._sampler.look()  # what they have taken is known to none afterwards
        for child in self.children:
            kill_session(child.pid)

    def ask_to_end(self) -> None:
        """SIGTERM to every worker command."""
        self._sampler.look()
        for child in self.children:
            child.ask_to_end()

    def stop(self, grace_s: float = 10.0) -> None:
        """Ask every worker to end, wait, then kill what is left; and wait until no request of
        theirs can take a task any more.
        """
        self.notice_crashes()
        self.ask_to_end()
        for child in self.children:
            child.stop(grace_s=grace_s)
        self.children = []
        time.sleep(self._lingers_s)

    def restart(self, place: int, grace_s: float) -> None:
        """Ask the worker of that place to end, kill it where it has not after so long, and start it
        anew.
        """
        self.notice_crashes()
        self._sampler.look()
        child, asked_ns = self.children[place], time.monotonic_ns()
        ended = child.stop(grace_s=grace_s)
        ended_ns = time.monotonic_ns()
        time.sleep(self._lingers_s)
        (self.children[place],) = self._start({}, [place])
        new = self.children[place].pid
        self.restarts.append(Restart(new, asked_ns, ended_ns, killed=not ended))

    def start(self, env: Mapping[str, str] | None = None) -> None:
        """Start them anew, by the same commands; ``env`` is added to their environment."""
        self.children = self._start(env or {}, None)


def said_of(child: Child) -> str:
    """How it ended, and its last words."""
    return f"{child.died()}: {last_line(child.tail())}"


def last_line(log: str) -> str:
    """What a program said last."""
    return next((line.strip() for line in reversed(log.splitlines()) if line.strip()), "nothing")
