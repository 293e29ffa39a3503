"""docs/queries.md is what the named queries make it, and the queries of the guides run."""

import re
from pathlib import Path

from harness.report import query_doc
from harness.report.query import ask
from infrastructure.root import ROOT
from tests.made.databases import fill
from tests.made.rows import filling


def test_the_page_is_what_the_files_make_it() -> None:
    assert query_doc.PAGE.read_text() == query_doc.page(), (
        "docs/queries.md is stale: run python -m harness.report.query_doc"
    )


def test_the_queries_of_the_guides_run(database: Path) -> None:
    with filling(database) as rows:
        fill(rows)
    blocks = re.findall(
        r"```sql\n(.*?)```", (ROOT / "docs" / "read-a-report.md").read_text(), re.DOTALL
    )
    assert blocks
    for block in blocks:
        assert ask(database, block, 10).columns
