"""What a million tasks cost: by hand, and on page and terminal."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from harness.cli.prices import Prices, read_prices
from harness.report.costs import MILLION, MONTH, costs, headline, interval_said, price
from harness.report.rows.costs import Amounts
from harness.report.terminal.latest import read
from harness.report.terminal.results import pieces
from tests.made.html import Page, between
from tests.made.rows import Rows, filling

PRICES = Prices("EUR", vcpu_hour=3.6, gb_hour=2.0, sqs_million=0.5)
DRAINED = {
    "drain_rate": 1_000.0,
    "enqueue_rate": 2_000.0,
    "workers_cpu_per_task": 500.0,
    "enqueue_producer_cpu_per_task": 100.0,
    "broker_cpu_per_task": 50.0,
    "workers_pss_mean": 1024.0**3,
    "broker_pss_mean": 1024.0**3,
    "broker_commands_per_task": 2.0,
}
RESTED = {
    "workers_idle_cpu": 0.01,
    "broker_idle_cpu": 0.001,
    "workers_idle_pss": 1024.0**3,
    "broker_idle_pss": 0.0,
    "broker_idle_commands": 10.0,
}


def amounts(arm: int, requests: float | None = None, *, seconds: float = 100.0) -> Amounts:
    place = ("throughput", "", 1, arm, f"arm {arm}")
    return Amounts(*place, MILLION, seconds, 20.0, 10.0, 3.0, requests, without_broker=False)


def test_each_part_has_its_price() -> None:
    found = price(amounts(1, requests=2e6), PRICES)
    assert (found.workers, found.producer, found.broker) == pytest.approx((0.1, 0.02, 0.01))
    assert (found.memory, found.requests) == pytest.approx((6.0, 1.0))
    assert found.total == pytest.approx(7.13)


def test_an_arm_has_its_median_and_interval_and_the_cheapest_comes_first() -> None:
    rows = [amounts(1, seconds=s) for s in (300.0, 100.0, 200.0)] + [amounts(2, seconds=50.0)]
    found = costs(rows, PRICES)
    assert [each.arm for each in headline(found)] == [2, 1]
    first = found[0]
    assert first.value == pytest.approx(6.23)
    assert (first.spread.low, first.spread.high) == pytest.approx((6.13, 6.33))


@pytest.mark.parametrize(
    ("trials", "said"),
    [
        ([1], ""),
        ([1, 3], "at least 75 % of cases; with fewer than six trials it is their range."),
        ([9, 3], "at least 75 % of cases; with fewer than six trials it is their range."),
        ([6, 9], "at least 95 % of cases."),
    ],
)
def test_what_an_interval_is_depends_on_the_trials_of_the_arm_with_the_fewest(
    trials: list[int], said: str
) -> None:
    rows = [amounts(arm, seconds=s) for arm, n in enumerate(trials) for s in range(1, n + 1)]
    assert interval_said(costs(rows, PRICES)).endswith(said)
    assert bool(interval_said(costs(rows, PRICES))) == bool(said)


def fill(rows: Rows) -> None:
    """One arm on a server, and one on a service that is paid by request."""
    rows.experiment("e1")
    for broker in ("redis", "sqs"):
        rows.trial("e1", "alpha", broker=broker, metrics=DRAINED)
        rows.trial("e1", "alpha", scenario="idle", broker=broker, metrics=RESTED)


def test_amounts_are_of_what_the_trials_took(database: Path) -> None:
    with filling(database) as rows:
        fill(rows)
    found = {(a.of, a.label): a for a in read(database).costs}
    on_redis, on_sqs = (found[MILLION, f"alpha 1.0 · {broker}"] for broker in ("redis", "sqs"))
    assert (on_redis.workers_s, on_redis.producer_s, on_redis.broker_s) == (500, 100, 50)
    assert on_redis.gib_hours == pytest.approx(2 * 1_000 / 3_600)
    assert on_redis.requests is None
    assert (on_sqs.broker_s, on_sqs.requests) == (0, 3e6)  # two of the drain, and the send
    assert on_sqs.gib_hours == pytest.approx(1_000 / 3_600)
    month = found[MONTH, "alpha 1.0 · sqs"]
    assert month.workers_s == pytest.approx(0.01 * 730 * 3_600)
    assert month.requests == pytest.approx(10 * 730 * 3_600)


def test_page_and_terminal_show_them(
    database: Path, undrawn_page: Callable[[Callable[[Rows], None]], Page]
) -> None:
    section = between(undrawn_page(fill).source, 'id="costs"', "</section>")
    assert section.count("a month idle") == section.count("a million tasks</td>") == 2
    assert str(read_prices().vcpu_hour) in section
    assert "below them their interval" not in section, "each is of one trial"
    assert "26,280,000 of them" in section  # 10 a second, for 730 hours
    console = Console(width=200, file=io.StringIO())
    with console.capture() as captured:
        for piece in pieces(read(database)):
            console.print(piece)
    said = captured.get()
    assert "Costs (USD, by [tool.bench.prices] of pyproject.toml)" in said
    assert "one trial" in said
    assert "26,280,000" in said
