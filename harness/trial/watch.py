"""Where a session's trials can be looked at while they run: nobody does, unless one says so."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.progress import TrialProgress
from harness.measure.sampler import Sampler

if TYPE_CHECKING:
    from harness.trial.trial import Bench, Plan


class Watch:
    """Nobody looks. Subclasses are told from the session's thread, one trial at a time."""

    def begin(self, bench: "Bench", plan: "Plan", progress: TrialProgress) -> None:
        """A trial begins; ``progress`` knows how far the session is."""

    @contextmanager
    def following(
        self, _bench: "Bench", _plan: "Plan", _records: Path, _sampler: Sampler
    ) -> Iterator[None]:
        """As long as it has processes: entered when the broker is there, left when its workers and
        producers are gone and everything in ``_records`` is written.
        """
        yield

    def end(self, status: str) -> None:
        """The trial is stored, with this status."""


UNWATCHED = Watch()


def watching(port: int | None) -> AbstractContextManager[Watch]:
    """Serve metrics on a port of 127.0.0.1 for as long as the session lasts; nobody looks without
    one. Raises UsageError when the port is taken.
    """
    if port is None:
        return nullcontext(UNWATCHED)
    from harness.trial.live import serving  # its HTTP server and client library: for those who ask

    return serving(port)
