"""What a person sees while a session runs: which trial, how far, how long still."""

import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

STEP_S = 0.5
FEW = 4  # trials that weigh as much as the plan does


def clock(seconds: float) -> str:
    """``m:ss``, or ``h:mm:ss`` from an hour on."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def seconds_left(begun: float, done: int, total: int) -> float:
    """By the pace of what was done since ``begun`` (monotonic, s); 0 before anything was."""
    return (time.monotonic() - begun) / done * max(0, total - done) if done else 0.0


class TrialProgress:
    """Progress over trials of known expected duration, corrected by what they take beyond it.

    That is waiting and starting, much the same for each, and no share of a load: a short trial that
    took three times as long would triple what hours of others are said to take. The first few
    count little.

    On a terminal a bar that moves; otherwise one line at each start and end.
    """

    def __init__(self, console: Console, expected_s: list[float]) -> None:
        self._console = console
        self._expected = list(expected_s)
        self._index = 0
        self._beyond = 0.0  # seconds of all that are over
        self._begun = time.monotonic()
        self._stop = threading.Event()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[left]} left"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID = self._progress.add_task("starting", total=1.0, left=clock(self.left()))
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        self._progress.start()
        self._ticker.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._ticker.join()
        self._progress.stop()

    def extra(self) -> float:
        """What a trial takes beyond the plan, as far as that is known."""
        over = max(0, self._index - 1)
        return max(0.0, self._beyond / (over + FEW)) if over else 0.0

    def left(self) -> float:
        """Seconds still to go, by the plan and what trials took beyond it so far."""
        inside = time.monotonic() - self._begun if self._index else 0.0
        running = self._expected[self._index - 1] + self.extra() if self._index else 0.0
        later = self._expected[self._index :]
        return max(0.0, running - inside) + sum(later) + self.extra() * len(later)

    def share(self) -> float:
        """How much of the running trial's expected time has passed, at most 1."""
        if not self._index:
            return 0.0
        expected = max(self._expected[self._index - 1] + self.extra(), 1e-9)
        return min(1.0, (time.monotonic() - self._begun) / expected)

    def expect(self, expected_s: list[float]) -> None:
        """Trials that come on top of the plan."""
        self._expected += expected_s

    def begin(self, label: str) -> None:
        self._index += 1
        if self._index > len(self._expected):  # a search that took more trials than usual
            self._expected.append(self._expected[-1] if self._expected else 1.0)
        self._begun = time.monotonic()
        text = f"trial {self._index}/{len(self._expected)} · {label}"
        self._progress.update(self._task, description=text, left=clock(self.left()))
        if not self._console.is_terminal:
            self._console.print(f"{text} · {clock(self.left())} left", highlight=False)

    def end(self, line: str) -> None:
        """A trial is over: say what came of it, and note what it took beyond the plan."""
        self._beyond += time.monotonic() - self._begun - self._expected[self._index - 1]
        self._progress.print(f"  {line}", highlight=False)

    def _tick(self) -> None:
        while not self._stop.wait(STEP_S):
            left = self.left()
            total = (sum(self._expected) + self.extra() * len(self._expected)) or 1.0
            done = min(max(1 - left / total, 0.0), 1.0)
            self._progress.update(self._task, completed=done, left=clock(left))
