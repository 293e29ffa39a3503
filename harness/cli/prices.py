"""What computing costs: the price table of ``[tool.bench.prices]``, which is the user's to set.

Imported by the command line too, so it needs nothing but the standard library.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from harness.cli.matrix import suggest
from infrastructure.errors import UsageError
from infrastructure.root import ROOT

TABLE = "[tool.bench.prices]"


@dataclass(frozen=True)
class Prices:
    """``vcpu_hour``, ``gb_hour``: of a core at work and of 1 GiB that is held, an hour each.
    ``sqs_million``: of a million requests to SQS. All in ``currency``.
    """

    currency: str
    vcpu_hour: float
    gb_hour: float
    sqs_million: float

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Prices":
        """Raises UsageError naming what is missing, unknown or no price."""
        names = [field.name for field in fields(cls)]
        for name in table:
            if name not in names:
                raise UsageError(f"{TABLE} has no price {name}: {suggest(name, names)}")
        for name in names:
            if name not in table:
                raise UsageError(f"{TABLE} lacks {name}; it has: {', '.join(names)}")
            if name != "currency" and not is_price(table[name]):
                raise UsageError(f"{TABLE} {name}: expected a number >= 0, found {table[name]!r}")
        return cls(str(table["currency"]), *(float(table[name]) for name in names[1:]))


def is_price(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(float(str(value))) and float(str(value)) >= 0


def read_prices() -> Prices:
    """Those of ``pyproject.toml``. Raises UsageError."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return Prices.of(document["tool"]["bench"]["prices"])
