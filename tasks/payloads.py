"""What a task carries where the question is what carrying costs: objects of a stated size.

A payload is named ``FORM SIZE``, size in bytes: ``nested 10240``, ``binary 1048576``. Producer and
worker make the same object from the name.
"""

import random
from functools import cache
from pathlib import Path
from typing import Any

FORMS = ("nested", "binary", "model", "id")
RECORD_BYTES = 100  # of a nested payload's record, roughly, as JSON


def make(name: str, records: Path) -> Any:
    """The object of a payload's name; a model's row is made in the trial's folder. Raises
    ValueError on a form that is unknown.
    """
    form, _, size = name.partition(" ")
    if form in {"model", "id"}:
        from tasks import models  # SQLAlchemy, where the scenario wants it only

        customer = models.prepare(records, int(size))
        return customer if form == "model" else customer.id
    if form == "binary":
        return random.Random(0).randbytes(int(size))  # noqa: S311  bytes that do not compress
    if form == "nested":
        return {"records": [record(n) for n in range(max(1, int(size) // RECORD_BYTES))]}
    raise ValueError(f"no form of payload {form!r}; there are: {', '.join(FORMS)}")


def record(number: int) -> dict[str, Any]:
    """About 100 bytes of JSON: strings, numbers, a list, a dictionary."""
    return {
        "id": 100_000 + number,
        "name": f"customer {number:06}",
        "active": number % 2 == 0,
        "tags": ["a", "b"],
        "at": {"x": 1.5, "y": 2.25},
    }


@cache
def expected(name: str, records: Path) -> Any:
    """The same, kept for comparing."""
    return make(name, records)
