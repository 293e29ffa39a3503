"""A lifeline: the kernel sends a signal to processes when nobody who started them is left.

It is a pipe that nothing is ever written to. Each child inherits a reader of its own, set so that
the kernel signals the child's whole process group once the last writer is gone, however that one
ended (F_SETSIG in fcntl(2)). So forked workers end too, no code runs in a worker for it, and it
does not matter which thread started them, as it would with PR_SET_PDEATHSIG.
"""

import fcntl
import os
from collections.abc import Sequence
from contextlib import suppress

F_SETSIG = 10  # of <fcntl.h> on Linux; Python has no name for it


class Lifeline:
    """``writer``: a descriptor that keeps it whole, to be inherited by who else watches."""

    def __init__(self) -> None:
        self._reader, self.writer = os.pipe()

    def readers(self, signals: Sequence[int]) -> list[int]:
        """A descriptor for each signal, to be inherited by one child and given to :meth:`tie`."""
        # A new opening each: what is signalled is kept with the opening, not with the pipe.
        place = f"/proc/self/fd/{self._reader}"
        return [os.open(place, os.O_RDONLY | os.O_NONBLOCK) for _ in signals]

    def tie(self, readers: Sequence[int], signals: Sequence[int], who: int) -> None:
        """Once nobody holds ``writer``, send these signals to ``who``: a process id, or that of a
        group with a minus. Closes the readers, which the child keeps.
        """
        for reader, number in zip(readers, signals, strict=True):
            with suppress(ProcessLookupError):  # it has ended already
                fcntl.fcntl(reader, F_SETSIG, number)
                fcntl.fcntl(reader, fcntl.F_SETOWN, who)
                flags = fcntl.fcntl(reader, fcntl.F_GETFL)
                fcntl.fcntl(reader, fcntl.F_SETFL, flags | os.O_ASYNC)
            os.close(reader)


LIFELINE = Lifeline()  # this process's own
