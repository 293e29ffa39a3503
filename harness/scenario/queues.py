"""The queues of an arm at the broker of a running trial."""

from collections.abc import Mapping, Sequence

from infrastructure.service import Broker, Depth


class Queues:
    """``names``: the broker's structures by ``pending``, ``in_flight`` and ``delayed``, as the
    adapter names them. ``varies``: what workers reserve of them is no number to hold them to.
    """

    def __init__(
        self, broker: Broker, names: Mapping[str, Sequence[str]], *, varies: bool = False
    ) -> None:
        self._broker = broker
        self._names = names
        self._varies = varies

    @property
    def show_reserved(self) -> bool:
        """Whether this framework's reservations can be seen at this broker, and be proved."""
        seen = self._names["in_flight"] and self._broker.sees_in_flight
        return bool(seen) and not self._varies

    def depth(self) -> Depth:
        """Tasks at the broker now."""
        return self._broker.depth(self._names)

    def lengths(self) -> list[int]:
        """Tasks that wait in each of them, in the order that the scenario wants."""
        return [self._broker.depth({"pending": [name]}).pending for name in self._names["pending"]]
