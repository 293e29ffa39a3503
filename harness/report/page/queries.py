"""The queries behind a page."""

from typing import Any

from harness.report.page.select import QUERIES, TABLES
from harness.store.queries import sql


def shown_queries() -> dict[str, Any]:
    """What the template shows of them."""
    queries = {name: sql(f"report_{name}") for name in (*TABLES, *QUERIES)}
    return {"tables": TABLES, "queries": queries}
