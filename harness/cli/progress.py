"""What a person sees while a session runs: which trial, how far, how long still."""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from harness.cli.forecast import Forecast, Planned

STEP_S = 0.5
UNPLANNED_S = 10.0


def clock(seconds: float) -> str:
    """``m:ss``, or ``h:mm:ss`` from an hour on."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def seconds_left(begun: float, done: int, total: int) -> float:
    """By the pace of what was done since ``begun`` (monotonic, s); 0 before anything was."""
    return (time.monotonic() - begun) / done * max(0, total - done) if done else 0.0


def bars(console: Console, left: str) -> Progress:
    """A bar per task on a terminal, nothing elsewhere. ``left``: the format of its end."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn(left),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


class TrialProgress:
    """Progress over planned trials, with the time that is left by what they take.

    On a terminal a bar that moves; otherwise one line at each start and end. ``now``: a clock, s.
    """

    def __init__(
        self,
        console: Console,
        planned: Sequence[Planned],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._now = now
        self._waiting = list(planned)
        self._running: Planned | None = None
        self._done = 0
        self._forecast = Forecast()
        self._start = self._begun = now()
        self._stop = threading.Event()
        self._progress = bars(console, "{task.fields[left]} left")
        self._task: TaskID = self._progress.add_task("starting", total=1.0, left=clock(self.left()))
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        self._progress.start()
        self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._ticker.join()
        self._progress.stop()

    def left(self) -> float:
        """Seconds still to go."""
        passed = self._now() - self._begun
        return max(0.0, self._running_s() - passed) + self._forecast.expects_s(self._waiting)

    def _running_s(self) -> float:
        """How long the running trial is expected to take; 0 without one."""
        return self._forecast.expects_s([self._running]) if self._running else 0.0

    def share(self) -> float:
        """How much of the running trial's expected time has passed, at most 1."""
        if self._running is None:
            return 0.0
        return min(1.0, (self._now() - self._begun) / max(self._running_s(), 1e-9))

    def expect(self, planned: Sequence[Planned]) -> None:
        """Trials that come on top of the plan."""
        self._waiting += planned

    def begin(self, label: str, kind: Hashable = None) -> None:
        """The next trial of a kind; one that nobody has planned comes on top."""
        found = next((each for each in self._waiting if each.kind == kind), None)
        if found:
            self._waiting.remove(found)
        self._running = found or Planned(kind, lambda: UNPLANNED_S)
        self._begun = self._now()
        text = f"trial {self._done + 1}/{self._done + 1 + len(self._waiting)} · {label}"
        self._progress.update(self._task, description=text, left=clock(self.left()))
        if not self._console.is_terminal:
            self._console.print(f"{text} · {clock(self.left())} left", highlight=False)

    def end(self, line: str) -> None:
        """A trial is over: say what came of it, and learn from what it took."""
        if self._running:
            self._forecast.learn(self._running, self._now() - self._begun)
        self._running, self._done = None, self._done + 1
        self._progress.print(f"  {line}", highlight=False)

    def _tick(self) -> None:
        while not self._stop.wait(STEP_S):
            left, passed = self.left(), self._now() - self._start
            self._progress.update(
                self._task, completed=passed / max(passed + left, 1e-9), left=clock(left)
            )
