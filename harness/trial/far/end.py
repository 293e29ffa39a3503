"""The far end of a wire: requests of a session, answered one after the other."""

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from harness.trial.far.host import BEGIN, FINISH
from harness.trial.far.part import Part
from harness.trial.far.wire import NUMBER, Tell
from infrastructure.processes.folder import end_processes, is_owned

HELLO = "hello"


class End:
    """``hello``: what is said of this machine to a session that introduces itself. ``spool``: where
    trials have their folders here.
    """

    def __init__(self, spool: Path, hello: Callable[..., Mapping[str, Any]], tell: Tell) -> None:
        self._spool, self._hello, self._tell = spool, hello, tell
        self._part: Part | None = None
        self._programs: frozenset[str] = frozenset()

    def answer(self, line: str) -> str:
        """To a request, both as they travel."""
        request = json.loads(line)
        number = request.pop(NUMBER)
        try:
            return json.dumps({NUMBER: number, "found": self._found(request.pop("do"), request)})
        except Exception as error:  # noqa: BLE001  whatever it is, the session is told
            return json.dumps({NUMBER: number, "refused": str(error) or type(error).__name__})

    def _found(self, do: str, words: Mapping[str, Any]) -> Any:
        if do == HELLO:
            clean(self._spool)
            card = self._hello(**words)
            self._programs = frozenset({card["python"], *card["cells"].values()})
            return card
        if do in {BEGIN, FINISH}:
            self.close()
        if do == BEGIN:
            self._part = Part.begin(self._spool, self._programs, self._tell, **words)
            return str(self._part.folder.path)
        if do == FINISH:
            return None
        if self._part is None:
            raise ValueError(f"there is no trial here that {do!r} could be of")
        return self._part.do(do, words)

    def close(self) -> None:
        """End what there is of a trial; without any the spool is gone too."""
        part, self._part = self._part, None
        if part is not None:
            part.finish()
        if self._spool.is_dir() and not any(self._spool.iterdir()):
            self._spool.rmdir()


def clean(spool: Path) -> None:
    """End and remove what a killed one left."""
    for folder in spool.glob("*") if spool.is_dir() else ():
        if not is_owned(folder):
            end_processes(folder)
            with suppress(FileNotFoundError):
                shutil.rmtree(folder)
