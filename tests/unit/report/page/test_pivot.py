"""Frameworks by brokers, and the trade-off of the same rankings."""

from dataclasses import replace

from harness.report.answer.ranking import rankings
from harness.report.page.pivot import pivots
from harness.report.page.trade_off import trade_off_panels
from harness.report.rows.arms import PageArm
from tests.unit.report.answer.made import facts

PLAIN = PageArm(
    "ant", "1", "", "3.12", "redis", "embedded", "matched", 1, "", "v", None, None, None, None
)


def arms() -> list[PageArm]:
    """Ant and bee, each on two brokers."""
    places = [("ant", "redis"), ("ant", "sqs"), ("bee", "redis"), ("bee", "sqs")]
    return [
        replace(PLAIN, arm=number, label=f"{name} 1 · {broker}", framework=name, broker=broker)
        for number, (name, broker) in enumerate(places, 1)
    ]


def test_the_best_of_each_broker_is_marked() -> None:
    trials = {"ant r": [10.0], "ant s": [5.0], "bee r": [20.0], "bee s": []}
    brokers, [found] = pivots(rankings(facts(trials)), arms())
    assert brokers == ["redis", "sqs"]
    assert [row.label for row in found.rows] == ["ant 1", "bee 1"]
    ant, bee = (row.cells for row in found.rows)
    assert [(cell.text, cell.best) for cell in ant] == [("10.0", False), ("5.00", True)]
    assert (bee[0].text, bee[0].best) == ("20.0", True)
    assert (bee[1].text, bee[1].value, bee[1].why) == ("invalid", None, "lost 3 tasks")


def test_one_broker_needs_no_pivot() -> None:
    of_one = [arm for arm in arms() if arm.broker == "redis"]
    assert pivots(rankings(facts({"ant": [1.0]})), of_one) == (["redis"], [])


def test_the_trade_off_names_who_is_beaten_in_nothing() -> None:
    drains = facts({"ant": [10.0], "bee": [20.0], "cat": [5.0]})
    latencies = facts(
        {"ant": [1.0], "bee": [2.0], "cat": [3.0]}, metric="sojourn_p99", scenario="latency"
    )
    both = [*rankings(drains), *rankings(latencies)]
    [panel] = trade_off_panels(both)
    assert panel.some == (2, 1, 3)
    assert "bee 20.0 tasks/s, 2.00 ms" in panel.words
    assert trade_off_panels(rankings(drains)) == []
