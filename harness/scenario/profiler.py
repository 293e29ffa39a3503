"""Who looks at the workers of a running trial from inside."""

from collections.abc import Sequence
from typing import Protocol

from infrastructure.processes.child import Child


class Profiler(Protocol):
    """Looks at the workers while the load lasts."""

    def before_load(self, workers: Sequence[Child]) -> None: ...

    def after_load(self) -> None: ...
