"""The end of a trial: whatever happened, everything is ended and a row is stored."""

import signal
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from harness.store.vocabulary import Status
from harness.trial.profilers.passes import ProfilerUnavailable
from harness.trial.storing import store
from harness.trial.trial import Trial
from infrastructure import docker
from infrastructure.errors import Gap, TrialFailed, UsageError
from infrastructure.processes.child import Child
from infrastructure.processes.folder import end_processes
from infrastructure.processes.role import Role

INTERRUPTED = "interrupted"


@contextmanager
def stored(trial: Trial) -> Iterator[None]:
    """Whatever happens within is in the trial's row; it is stored when all processes have ended.

    KeyboardInterrupt and UsageError come out of it all the same: they end the session.
    """
    try:
        yield
    except (KeyboardInterrupt, UsageError) as error:
        note_failure(trial, error)
        raise
    except Exception as error:  # noqa: BLE001  a defect of ours is a failed trial too
        note_failure(trial, error)
    finally:
        with undisturbed():
            finish(trial)
            store(trial)


def note_failure(trial: Trial, error: BaseException) -> None:
    """Status and reason of a trial that did not come to its end."""
    trial.row.status = Status.GAP if isinstance(error, Gap) else Status.FAILED
    match error:
        case KeyboardInterrupt():
            trial.row.reason = INTERRUPTED
        case TrialFailed() | UsageError():
            trial.row.reason = str(error)
        case _:
            trial.row.reason = f"{type(error).__name__}: {error}"
            trial.defect = "".join(traceback.format_exception(error))
    if trial.profiler and isinstance(error, ProfilerUnavailable):
        trial.passes.profiles.append(trial.profiler.unavailable(str(error)))


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold Ctrl-C and the like back until what must be finished is finished."""
    held = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def finish(trial: Trial) -> None:
    """End what an interrupted clean-up left, and complete the row."""
    folder, row = trial.folder.path, trial.row
    end_processes(folder)
    for child in trial.children:
        child.collect()
    row.duration_s = time.monotonic() - trial.begun
    trial.remarks += docker.remarks(folder)
    row.remarks = "; ".join(trial.remarks) or None
    if row.status != Status.OK:
        row.log_tail = log_tail(trial.children, folder / docker.LOG) + trial.defect


def log_tail(children: Sequence[Child], contained: Path) -> str:
    """The ends of the logs of everything but silent processes, for the trial's row; of a broker
    that it was silent too. ``contained``: the log of one in a container, if there was one.
    """
    tails = [(c.role, f"{c.pid} ({c.log.name})", c.tail().strip()) for c in children]
    if contained.exists():
        tails.insert(0, (Role.BROKER, f"({contained.name})", contained.read_text().strip()))
    return "\n".join(
        f"── {role} {what}\n{tail or '(nothing)'}"
        for role, what, tail in tails
        if tail or role == Role.BROKER
    )
