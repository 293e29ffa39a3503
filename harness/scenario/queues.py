"""The queues of an arm at the broker of a running trial."""

from collections.abc import Mapping, Sequence

from infrastructure.service import Broker, Depth


class Queues:
    """``names``: the broker's structures by ``pending``, ``in_flight`` and ``delayed``, as the
    adapter names them.
    """

    def __init__(self, broker: Broker, names: Mapping[str, Sequence[str]]) -> None:
        self._broker = broker
        self._names = names

    @property
    def show_reserved(self) -> bool:
        """Whether this framework's reservations can be seen at this broker."""
        return bool(self._names["in_flight"] and self._broker.sees_in_flight)

    def depth(self) -> Depth:
        """Tasks at the broker now."""
        return self._broker.depth(self._names)

    def lengths(self) -> list[int]:
        """Tasks that wait in each of them, in the order that the scenario wants."""
        return [self._broker.depth({"pending": [name]}).pending for name in self._names["pending"]]
