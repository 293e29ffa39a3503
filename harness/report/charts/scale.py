"""The axis of a chart: its ends, linear or of logarithms, and where it has ticks."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

ROUND = (1, 2, 2.5, 5, 10)  # steps between ticks, times a power of ten
LONG = {"x": 100, "y": 500}  # the largest ratio of a log axis that is labelled at 2 and 5 too


@dataclass(frozen=True)
class Tick:
    """A labelled place; ``arms`` and ``row`` as in ``Tag``."""

    at: float
    text: str
    arms: tuple[int, ...] = ()
    row: float = -1


@dataclass
class Axis:
    """``ticks`` where they are given, else at most ``most`` of them at round places, of a ``whole``
    axis at whole numbers. ``grid``: a line across the drawing at each.
    """

    low: float = 0.0
    high: float = 1.0
    log: bool = False
    label: str = ""
    grid: bool = False
    most: int = 5
    whole: bool = False
    ticks: Sequence[Tick] = field(default_factory=list)

    def ends(self, low: float, high: float) -> None:
        self.low, self.high = float(low), float(high)

    def few(self, most: int, *, whole: bool = False) -> None:
        self.most, self.whole = most, whole

    def log_of(self, values: Iterable[float], side: str) -> None:
        """Of logarithms, over the positive ones of these values, with ends at round figures;
        labelled at 1, 2, 5, or at powers of ten if it is long.
        """
        self.low, self.high = log_ends(values)
        self.log = True
        every_step = self.high / self.low < LONG[side]
        places = [s for s in scale() if self.low <= s <= self.high * (1 + 1e-9)]
        self.ticks = [
            Tick(place, plain(place))
            for place in places
            if every_step or math.isclose(math.log10(place) % 1, 0, abs_tol=1e-9)
        ]

    def share(self, value: float) -> float:
        """Where a value stands, from 0 at the low end to 1 at the high one."""
        if math.isinf(value):
            return 0.0 if value < 0 else 1.0
        ends = (self.low, value, self.high)
        low, place, high = (math.log(max(end, 1e-300)) for end in ends) if self.log else ends
        return (place - low) / ((high - low) or 1.0)

    def shown(self) -> Sequence[Tick]:
        if self.ticks or self.log:
            return self.ticks
        step = self.step()
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [Tick(n * step, plain(n * step)) for n in range(first, last + 1)]

    def step(self) -> float:
        """The smallest round one that leaves at most ``most`` gaps."""
        wide = abs(self.high - self.low) or 1.0
        power = 10.0 ** math.floor(math.log10(wide / self.most))
        steps = [base * power for base in ROUND]
        if self.whole:
            steps = [1.0, *(step for step in steps if step > 1 and step == int(step))]
        return next((step for step in steps if wide / step <= self.most + 1e-9), steps[-1])


def plain(value: float) -> str:
    return f"{value:,.12g}"


def scale() -> list[float]:
    """… 1, 2, 5, 10, 20, 50 …"""
    return [float(f"{base}e{power}") for power in range(-9, 13) for base in (1, 2, 5)]


def steps(low: float, high: float) -> tuple[float, float]:
    """The nearest of ``scale`` below and above, for the ends of a log axis."""
    below = max((s for s in scale() if s <= low), default=scale()[0])
    above = min((s for s in scale() if s >= high and s > below), default=scale()[-1])
    return below, above


def log_ends(values: Iterable[float]) -> tuple[float, float]:
    positive = [v for v in values if v > 0]
    return steps(min(positive, default=0.1), max(positive, default=1.0))
