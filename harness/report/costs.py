"""What a million tasks cost, and a month of waiting for some, by a price table."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from harness.cli.prices import Prices
from harness.judge.medians import LEVEL, Spread, median_interval
from harness.report.rows.costs import Amounts
from harness.report.rows.grouped import grouped
from harness.scenario.catalogue import load_words

MILLION, MONTH = "a million tasks", "a month idle"
PARTS = ("workers", "producer", "broker", "memory", "requests")
CAPTION = (
    "CPU seconds, memory held over time, and requests where the broker is paid by request, each by "
    "its price: what a machine costs that is always in full use. Who pays for cores that idle pays "
    "more. Traffic and disks are not in it."
)


@dataclass(frozen=True)
class Price:
    """Of one trial, by what it is paid for; ``requests`` is 0 where nobody is paid by request."""

    workers: float
    producer: float
    broker: float
    memory: float
    requests: float

    @property
    def total(self) -> float:
        return sum(float(getattr(self, part)) for part in PARTS)


@dataclass(frozen=True)
class Cost:
    """Of an arm at a load: the median over its trials, with its interval, and that of each part.
    ``values``: of the single trials. ``without_broker``: it could not be seen. ``asked``: how many
    requests are paid for, None where nobody is paid by request.
    """

    of: str
    scenario: str
    point: str
    arm: int
    label: str
    value: float
    spread: Spread
    parts: Price
    values: Sequence[float]
    without_broker: bool
    asked: float | None

    @property
    def load(self) -> str:
        """``latency at load 0.5``."""
        return load_words((self.scenario, self.point))


def price(amounts: Amounts, prices: Prices) -> Price:
    second = prices.vcpu_hour / 3600
    return Price(
        amounts.workers_s * second,
        amounts.producer_s * second,
        amounts.broker_s * second,
        amounts.gib_hours * prices.gb_hour,
        (amounts.requests or 0.0) / 1e6 * prices.sqs_million,
    )


def costs(rows: Sequence[Amounts], prices: Prices) -> list[Cost]:
    """An arm and load each, in the order of the rows."""
    same = grouped(rows, lambda row: (row.of, row.scenario, row.point, row.arm))
    return [cost(own, prices) for own in same]


def cost(own: Sequence[Amounts], prices: Prices) -> Cost:
    """Of the trials of an arm at a load."""
    first, found = own[0], [price(amounts, prices) for amounts in own]
    values = [each.total for each in found]
    parts = (statistics.median(getattr(each, part) for each in found) for part in PARTS)
    asked = [amounts.requests for amounts in own if amounts.requests is not None]
    return Cost(
        first.of,
        first.scenario,
        first.point,
        first.arm,
        first.label,
        statistics.median(values),
        median_interval(values),
        Price(*parts),
        values,
        any(amounts.without_broker for amounts in own),
        statistics.median(asked) if asked else None,
    )


def interval_said(found: Sequence[Cost]) -> str:
    """How sure the intervals are, by the least sure one; empty where there is none."""
    spreads = [cost.spread for cost in found if len(cost.values) > 1]
    if not spreads:
        return ""
    least = min(LEVEL, *(spread.coverage for spread in spreads))
    few = (
        ""
        if all(spread.sure for spread in spreads)
        else "; with fewer than six trials it is their range"
    )
    return (
        "The interval is of the median over the trials, and holds the true one in at least "
        f"{100 * least:.0f} % of cases{few}."
    )


def headline(found: Sequence[Cost]) -> list[Cost]:
    """What a reader looks for first: a million no-ops drained, and a month of workers that listen
    to one queue; where nobody measured those, the first load there is of each.
    """
    chosen: list[Cost] = []
    for of, scenario in ((MILLION, "throughput"), (MONTH, "idle")):
        own = [each for each in found if each.of == of]
        wanted = [each for each in own if each.scenario == scenario] or own
        loads = [(each.scenario, each.point) for each in wanted]
        chosen += [each for each in wanted if (each.scenario, each.point) == loads[0]]
    return sorted(chosen, key=lambda each: (each.of, each.value))
