"""``python -m harness.store.schema_doc``: write docs/schema.md from the comments of the schema.

A comment line before CREATE TABLE describes the table, the comment after a column describes the
column.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from infrastructure.root import ROOT

SCHEMA = ROOT / "harness" / "store" / "sql" / "schema.sql"
PAGE = ROOT / "docs" / "schema.md"

CREATE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+) \($")
COLUMN = re.compile(r"\s+(\w+) ([A-Z]\w*)([^,-]*),?\s*(?:-- (.*))?$")

HEAD = """\
# The tables of results.duckdb

`python -m harness.store.schema_doc` writes this page from the comments in
`harness/store/sql/schema.sql`. Change them there. [metrics.md](metrics.md) defines the metrics, and
[method.md](method.md) says how they are measured.

`trial_id` joins everything that belongs to one trial, and `experiment_id` joins the trials of an
experiment. Stamps that end in `_ns` are nanoseconds of CLOCK_MONOTONIC, comparable only within one
boot of one machine. Take figures from trials with purpose `measure` and status `ok`. A query
without one of these two conditions mixes in profiled or void trials.
"""


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    nullable: bool
    comment: str


@dataclass
class Table:
    name: str
    comment: str
    columns: list[Column] = field(default_factory=list)


def tables(schema: str) -> Iterator[Table]:
    """The tables of the schema text in order. Raises ValueError at a line it cannot read."""
    comment: list[str] = []
    table: Table | None = None
    for line in schema.splitlines():
        if table and line.startswith(")"):
            yield table
            table = None
        elif table:
            table.columns.append(column(line))
        elif line.startswith("-- "):
            comment.append(line.removeprefix("-- "))
        elif created := CREATE.match(line):
            table, comment = Table(created[1], " ".join(comment)), []
        else:
            comment = []


def column(line: str) -> Column:
    parts = COLUMN.match(line)
    if not parts:
        raise ValueError(f"{SCHEMA.name}: not a column with its comment: {line.strip()!r}")
    name, kind, constraint, comment = parts.groups()
    required = "NOT NULL" in constraint or "PRIMARY KEY" in constraint
    return Column(name, kind, nullable=not required, comment=comment or "")


def page(schema: str) -> str:
    """docs/schema.md as it should be."""
    return "\n".join([HEAD, *(section(table) for table in tables(schema))])


def section(table: Table) -> str:
    lines = [f"## {table.name}", "", table.comment, ""]
    lines += ["| column | type | NULL | meaning |", "|---|---|---|---|"]
    for c in table.columns:
        null = "yes" if c.nullable else ""
        lines.append(
            f"| `{c.name}` | {c.type} | {null} | {c.comment.replace('|', chr(92) + '|')} |"
        )
    return "\n".join([*lines, ""])


def main() -> None:
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(SCHEMA.read_text()))
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
