"""The queues of an arm at the broker of a running trial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infrastructure.service import Broker, Depth


@dataclass(frozen=True)
class Queues:
    """``names``: the broker's structures by ``pending``, ``in_flight`` and ``delayed``, as the
    adapter names them; ``dead``: those of tasks that were given up. ``varies``: what workers
    reserve of them is no number to hold them to.
    """

    broker: Broker
    names: Mapping[str, Sequence[str]]
    dead: Sequence[str] = ()
    varies: bool = False

    @property
    def show_reserved(self) -> bool:
        """Whether this framework's reservations can be seen at this broker, and be proved."""
        seen = self.names["in_flight"] and self.broker.sees_in_flight
        return bool(seen) and not self.varies

    def depth(self) -> Depth:
        """Tasks at the broker now."""
        return self.broker.depth(self.names)

    def dead_letters(self) -> int:
        """Tasks that the framework has given up and kept."""
        return self.broker.depth({"pending": self.dead}).pending

    def spoil(self) -> None:
        """Put a message that no framework wrote where the next task would wait. Raises BrokerGap
        where there is no such place.
        """
        self.broker.spoil(self.names["pending"][0])

    def lengths(self) -> list[int]:
        """Tasks that wait in each of them, in the order that the scenario wants."""
        return [self.broker.depth({"pending": [name]}).pending for name in self.names["pending"]]
