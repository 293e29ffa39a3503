"""The price table, which is the user's to set."""

from typing import Any

import pytest

from harness.cli.prices import Prices, read_prices
from infrastructure.errors import UsageError

TABLE = {"currency": "EUR", "vcpu_hour": 0.05, "gb_hour": 0, "sqs_million": 1}


def test_the_table_of_the_project_is_one() -> None:
    assert read_prices().vcpu_hour > 0
    assert Prices.of(TABLE) == Prices("EUR", 0.05, 0.0, 1.0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"vcpu_hours": 1}, r"has no price vcpu_hours: did you mean 'vcpu_hour'\?"),
        ({"gb_hour": -1}, r"gb_hour: expected a number >= 0, found -1"),
        ({"gb_hour": "cheap"}, r"found 'cheap'"),
        ({"gb_hour": True}, r"found True"),
        ({"sqs_million": float("nan")}, r"found nan"),
    ],
)
def test_what_is_no_price_is_named(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Prices.of(TABLE | changed)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(UsageError, match="lacks gb_hour; it has: currency, vcpu_hour"):
        Prices.of({name: value for name, value in TABLE.items() if name != "gb_hour"})
