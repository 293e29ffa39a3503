"""A work's folder on its machine: whose it is, what it answers, and what a killed one left."""

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from harness.experiment.cluster.parcel import ANSWER, DATABASE, HOSTS, checked, place
from harness.experiment.cluster.plan import State
from harness.trial.leftovers import settle
from infrastructure.processes import guard
from infrastructure.processes.folder import is_owned, leftovers, own, spool_of

KEPT_S = 7 * 24 * 3600  # for a session that may be gone on with


@dataclass(frozen=True)
class WorkAnswer:
    """What a work found out. ``state``: what is known after it. ``redone``, ``never``: as ``Redo``
    has them. ``card``: of a machine that joined. ``left``: earlier works that nobody has fetched.
    """

    state: State | None = None
    block: int | None = None
    redone: int = 0
    never: tuple[str, ...] = ()
    card: Mapping[str, Any] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        found = json.loads(text)
        state = State.read(found["state"]) if found["state"] else None
        never, left = tuple(found["never"]), tuple(found["left"])
        return cls(state, found["block"], found["redone"], never, found["card"], left)


@contextmanager
def owned(name: str) -> Iterator[Path]:
    """The folder of a new work, which is this process's for as long as it is entered; a guard ends
    what is left running should this process be killed.
    """
    folder = place() / checked(name)
    spool_of(folder / DATABASE).mkdir(mode=0o700, parents=True)
    with own(folder):
        watchdog = guard.start_guard(spool_of(folder / DATABASE))
        try:
            yield folder
        finally:
            guard.stop_guard(watchdog)


def write_answer(folder: Path, answer: WorkAnswer) -> None:
    partial = folder / f"{ANSWER}.partial"
    partial.write_text(json.dumps(asdict(answer)))
    partial.rename(folder / ANSWER)


def settle_left(experiment: str) -> Iterator[str]:
    """Finish what killed works left here; the ids of those of this experiment. Those of others are
    removed after a week.
    """
    for folder in sorted(place().glob("*")):
        if not folder.is_dir() or is_owned(folder) or folder.name == HOSTS:
            continue
        settle_work(folder.name)
        if folder.name.startswith(f"{experiment}-"):
            yield folder.name
        elif time.time() - folder.stat().st_mtime > KEPT_S:
            shutil.rmtree(folder)


def settle_work(name: str) -> None:
    """Finish what a work that was killed left here."""
    for trial in list(leftovers(spool_of(place() / checked(name) / DATABASE))):
        settle(trial)
