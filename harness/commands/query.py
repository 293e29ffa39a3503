"""``query``: the database, asked in SQL or by the name of a question."""

import argparse

from harness.cli.command import Command
from harness.cli.matrix import Matrix, suggest
from harness.cli.options import add_database
from harness.cli.parser import Parser, positive
from harness.cli.words import query_names

WIDE = 10_000  # columns: a line is one row, however long; a terminal wraps it, `less -S` does not


def question(word: str) -> str:
    """SQL, or the name of a query: a single word is taken for a name."""
    if not word.strip():
        raise argparse.ArgumentTypeError("expected SQL or the name of a query, found nothing")
    if word.isidentifier() and word not in query_names():
        raise argparse.ArgumentTypeError(
            f"unknown query {word!r}: {suggest(word, query_names())}; SQL stands in quotes: "
            'nox -s query -- "FROM trial"'
        )
    return word


class Query(Command):
    name = "query"
    help = "Ask the database: SQL, or the name of a query; alone it lists them."

    def options(self, parser: Parser, _matrix: Matrix) -> None:
        add_database(parser)
        parser.add_argument("query", nargs="?", type=question, help="SQL in quotes, or a name")
        parser.add_argument(
            "--limit", type=positive, default=200, help="rows to show at most (200)"
        )

    def run(self, options: argparse.Namespace, _matrix: Matrix) -> int:
        from rich.console import Console

        from harness.report.query import as_table, ask, listed, text_of

        if options.query is None:
            console = Console(highlight=False)
            console.print(listed())
            console.print('\nnox -s query -- NAME, or nox -s query -- "SELECT … FROM trial"')
            return 0
        found = ask(options.db, text_of(options.query), options.limit)
        console = Console(highlight=False, width=WIDE, soft_wrap=True)
        console.print(as_table(found))
        if found.more:
            console.print(f"… and more: --limit {options.limit * 10} shows more rows")
        if not found.rows:
            console.print("no rows")
        return 0


COMMAND = Query()
