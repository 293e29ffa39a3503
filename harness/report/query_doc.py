"""``python -m harness.report.query_doc``: write docs/queries.md from the named queries."""

from harness.cli.words import query_names
from harness.report.query import purpose
from harness.store.queries import sql
from infrastructure.root import ROOT

PAGE = ROOT / "docs" / "queries.md"

HEAD = """\
# Questions to the database

`python -m harness.report.query_doc` writes this page from `harness/report/sql/query/`, where each
query is a file. Change queries there. [schema.md](schema.md) describes the tables,
[metrics.md](metrics.md) the metrics.

```console
$ nox -s query                                    # lists the queries below
$ nox -s query -- drain_rates                     # answers one
$ nox -s query -- "SELECT status, count(*) FROM trial GROUP BY ALL"
```

`--db PATH` names another database, and `--limit N` shows more than 200 rows. The database is opened
for reading, and no other file can be touched. Unless a query says otherwise, its figures come from
trials with purpose `measure` and status `ok`, of all experiments. Add a condition on
`experiment_id` where that mixes too much. Besides the tables, a query can read the view `ok_trial`:
"""


VIEW = "ask_ok_trial"


def page() -> str:
    """docs/queries.md as it should be."""
    return "\n".join([HEAD, block(VIEW), *(section(name) for name in query_names())])


def section(name: str) -> str:
    """A query under its name, its purpose as the text."""
    said = purpose(f"query_{name}")
    return f"## {name}\n\n{said[0].upper()}{said[1:]}\n\n{block(f'query_{name}')}"


def block(name: str) -> str:
    """A query without its heading."""
    lines = sql(name).splitlines()
    first = next(i for i, line in enumerate(lines) if not line.startswith("--"))
    body = "\n".join(lines[first:])
    return f"```sql\n{body}\n```\n"


def main() -> None:
    PAGE.write_text(page())
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
