"""``--metrics-port``: a session in progress, as Prometheus scrapes it.

Nothing is done between scrapes. A scrape reads what the trial's record files and the sampler's
lists have gained since the one before, in the thread of its request; the trial's own tail belongs
to the trial's thread and is left alone. The last look is taken when a trial's processes are gone,
so that the counters are whole however rarely somebody asked. Lines of arms and scenarios that are
not in progress are kept as text: a scrape costs the same whatever the session has done before.

Live figures are a preview: they hold warm-ups, gates and starts. What is stored decides.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import ProcessCollector, generate_latest
from prometheus_client.core import Metric

from harness.cli.progress import TrialProgress
from harness.measure.sampler import Sampler
from harness.store.vocabulary import Status
from harness.trial.live.families import (
    Families,
    Key,
    counters_of,
    resources_of,
    time_left,
    trial_of,
)
from harness.trial.live.totals import Following, Totals
from harness.trial.plan import Setup, TrialPlan, Watch

NOBODY: Key = ("", "")


@dataclass
class Now:
    """The trial in progress."""

    key: Key
    info: dict[str, str]
    progress: TrialProgress


class Live(Watch):
    """What a scrape is answered from; the lock keeps scrapes and the session apart."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._totals: dict[Key, Totals] = {}
        self._names: dict[str, int] = {}
        self._now: Now | None = None
        self._followed: tuple[Key, Following] | None = None
        self._progress: TrialProgress | None = None
        self._written: dict[Key, list[tuple[bytes, bytes]]] = {}  # head and lines, by metric
        self._process = ProcessCollector(registry=None)  # what the harness's own process takes

    # -- told by the session -------------------------------------------------------------------

    def begin(self, setup: Setup, plan: TrialPlan, progress: TrialProgress) -> None:
        with self._lock:
            key = self._key(setup, plan)
            self._of(key)
            self._now = Now(key, info_of(setup, plan), progress)
            self._progress = progress

    @contextmanager
    def following(
        self, setup: Setup, plan: TrialPlan, records: Path, sampler: Sampler
    ) -> Iterator[None]:
        with self._lock:
            key = self._key(setup, plan)
            following = Following(self._of(key), records, sampler)
            self._followed = key, following
        try:
            yield
        finally:
            with self._lock:
                following.look()
                self._followed = None
                self._written.pop(key, None)

    def end(self, status: Status) -> None:
        with self._lock:
            if self._now:
                self._of(self._now.key).trials[status] += 1
                self._written.pop(self._now.key, None)
            self._now = None

    def _key(self, setup: Setup, plan: TrialPlan) -> Key:
        """Equal arms, which a comparison may have, are told apart by their number."""
        name = arm_name(setup)
        if self._names.setdefault(name, setup.number) != setup.number:
            name = f"{name} ({setup.number})"
        return name, plan.scenario.name

    def _of(self, key: Key) -> Totals:
        return self._totals.setdefault(key, Totals())

    # -- asked by Prometheus -------------------------------------------------------------------

    def text(self) -> bytes:
        """The answer to a scrape, in Prometheus's text format."""
        with self._lock:
            if self._followed:
                self._followed[1].look()
                self._written.pop(self._followed[0], None)
            counters: dict[bytes, bytes] = {}
            for key in self._totals:
                for head, lines in self._lines(key):
                    counters[head] = counters.get(head, head) + lines
            now = generate_latest(Families(self._gauges()))
        return b"".join(counters.values()) + now + generate_latest(self._process)

    def _lines(self, key: Key) -> list[tuple[bytes, bytes]]:
        """Head and lines of each counter of an arm in a scenario, written anew when changed."""
        if key not in self._written:
            written = generate_latest(Families(counters_of(key, self._totals[key])))
            begin = b"# HELP "
            metrics = [part.split(b"\n", 2) for part in written.split(begin)[1:]]
            self._written[key] = [
                (begin + help_ + b"\n" + kind + b"\n", lines) for help_, kind, lines in metrics
            ]
        return self._written[key]

    def _gauges(self) -> Iterator[Metric]:
        yield from resources_of(*self._followed) if self._followed else resources_of(NOBODY, None)
        if self._now:
            yield from trial_of(self._now.key, self._now.info, self._now.progress.share())
        else:
            yield from trial_of(NOBODY, None, 0.0)
        if self._progress:
            yield time_left(self._progress)


def arm_name(setup: Setup) -> str:
    """``asynctasq 1.7.0, Python 3.12, redis, matched``: all that may tell an arm from others."""
    arm = setup.arm
    variant = f"@{arm.options['variant']}" if arm.options.get("variant") else ""
    return (
        f"{arm.framework} {arm.version}{variant}, Python {arm.python}, {arm.broker.label}, "
        f"{arm.profile}"
    )


def info_of(setup: Setup, plan: TrialPlan) -> dict[str, str]:
    """The labels of ``bench_trial_info`` beside arm and scenario."""
    arm = setup.arm
    return {
        "trial": plan.trial_id,
        "framework": arm.framework,
        "version": arm.version,
        "python": arm.python,
        "broker": arm.broker.label,
        "profile": arm.profile,
        "point": plan.point.label,
        "purpose": plan.purpose,
    }
