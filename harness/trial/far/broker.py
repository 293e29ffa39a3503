"""A broker on another machine: every question about it is asked there."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.trial.far.process import Ask, FarChild
from infrastructure.errors import BrokerGap, TrialFailed
from infrastructure.processes.child import Child
from infrastructure.service import Depth

ELSEWHERE = "the broker is on another machine, where that is not done"


class FarBroker:
    """A running ``infrastructure.service.Broker``."""

    def __init__(self, ask: Ask, known: Mapping[str, Any], process: FarChild | None) -> None:
        self.url: str = known["url"]
        self.version: str = known["version"]
        self.config_hash: str = known["config_hash"]
        self.sees_in_flight: bool = known["sees_in_flight"]
        self.process: Child | None = process
        self._ask = ask

    def _asked(self, method: str, *words: Any) -> Any:
        return self._ask("ask_broker", method=method, words=words)

    def create(self, queues: Sequence[str]) -> None:
        self._asked("create", list(queues))

    def depth(self, names: Mapping[str, Sequence[str]]) -> Depth:
        return Depth(**self._asked("depth", dict(names)))

    def spoil(self, name: str) -> None:
        raise BrokerGap(f"{ELSEWHERE}: {name}")

    def commands(self) -> dict[str, int]:
        found: dict[str, int] = self._asked("commands")
        return found

    def late_commands(self) -> dict[str, int]:
        found: dict[str, int] = self._asked("late_commands")
        return found

    def traffic(self) -> int | None:
        return self._number("traffic")

    def wal(self) -> int | None:
        return self._number("wal")

    def memory(self) -> int | None:
        return self._number("memory")

    def stored(self) -> int | None:
        return self._number("stored")

    def keys(self) -> int | None:
        return self._number("keys")

    def _number(self, method: str) -> int | None:
        found = self._asked(method)
        return None if found is None else int(found)

    def cut_connections(self) -> None:
        raise BrokerGap(ELSEWHERE)

    def restart(self, after_s: float) -> Child:
        del after_s
        raise BrokerGap(ELSEWHERE)

    def stop(self) -> None:
        """One of a lost host ends with its far end."""
        try:
            self._ask("stop_broker")
        except TrialFailed:
            return
        finally:
            if isinstance(self.process, FarChild):
                self.process.stop()
