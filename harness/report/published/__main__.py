"""``python -m harness.report.published [WHAT DATABASE]``: publish what was measured.

WHAT is ``survey``, the newest one, ``claims``, every experiment that answers one, or ``series``,
the newest of each framework. They are exported to results/WHAT. Then all documents that say
something of results are written: the parts of README.md and results/README.md between their marks,
docs/claims.md and docs/series.md. Without arguments only these.
"""

import argparse
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from harness.report.export.export import export
from harness.report.published.claims import claims_in
from harness.report.published.documents import documents
from harness.report.published.kept import only
from harness.report.published.series import series_in
from harness.report.published.survey import survey_in
from harness.store.restore import restored
from infrastructure.errors import BenchError
from infrastructure.root import ROOT

RESULTS = ROOT / "results"
Chosen = Callable[[Path], Sequence[str]]
WHAT: Mapping[str, Chosen] = {"survey": survey_in, "claims": claims_in, "series": series_in}


def export_kept(database: Path, what: str, results: Path) -> None:
    """Replace what is there of it. Raises BenchError where the database has none."""
    kept = WHAT[what](database)
    if not kept:
        raise BenchError(f"{database} holds no {what}: nox -s {what} makes one")
    with only(database, kept) as copy:
        shutil.rmtree(results / what, ignore_errors=True)
        export(copy, results / what, "parquet", None, Console(soft_wrap=True), timings=False)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m harness.report.published", description=__doc__)
    parser.add_argument("what", nargs="?", choices=sorted(WHAT))
    parser.add_argument("database", nargs="?", type=Path)
    typed = parser.parse_args()
    if typed.what and not typed.database:
        parser.error(f"{typed.what} of which database?")
    if typed.what:
        export_kept(typed.database, typed.what, RESULTS)
    with restored(RESULTS) as database:
        for page, text in documents(database).items():
            page.write_text(text)
            print(f"wrote {page.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
