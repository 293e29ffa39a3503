"""The queries behind a page: on it, or once for many pages."""

import re
from typing import Any

from harness.report.page.select import QUERIES, TABLES
from harness.store.queries import sql

SECTION = re.compile(r'<section aria-labelledby="queries">.*?</section>', re.DOTALL)


def shown_queries() -> dict[str, Any]:
    """What the template shows of them."""
    queries = {name: sql(f"report_{name}") for name in (*TABLES, *QUERIES)}
    return {"tables": TABLES, "queries": queries}


def with_queries_at(page: str, address: str) -> str:
    """A report without its queries; links to them lead to ``address``."""
    return SECTION.sub("", page).replace('href="#quer', f'href="{address}#quer')
