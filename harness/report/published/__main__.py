"""``python -m harness.report.published [WHAT DATABASE]``: publish what was measured.

WHAT is ``survey``, the newest one, ``claims``, every experiment that answers one, ``series``, the
newest of each framework, or ``questions``, the benches and soaks that answer what users ask. They
are exported to results/WHAT: in place of what is there, but questions beside it, so that they can
be measured one after the other. Then all documents that say something of results are written: the
parts of README.md and results/README.md between their marks, and the pages in docs/ that are made
of results. Without arguments only these.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from harness.report.published.claims import claims_in
from harness.report.published.documents import documents
from harness.report.published.kept import export_only
from harness.report.published.questions import add, questions_in
from harness.report.published.series import series_in
from harness.report.published.survey import survey_in
from harness.store.restore import restored
from infrastructure.errors import BenchError
from infrastructure.root import ROOT

RESULTS = ROOT / "results"
Chosen = Callable[[Path], Sequence[str]]
WHAT: Mapping[str, Chosen] = {
    "survey": survey_in,
    "claims": claims_in,
    "series": series_in,
    "questions": questions_in,
}
MAKES = {"questions": 'nox -s "bench-3.12(celery)" -- --scenario idle'}


def export_kept(database: Path, what: str, results: Path) -> None:
    """Replace what is there of it. Raises BenchError where the database has none."""
    kept = WHAT[what](database)
    if not kept:
        makes = MAKES.get(what, f"nox -s {what}")
        raise BenchError(f"{database} holds no {what}: {makes} makes one")
    if what == "questions":
        add(database, kept, results / what)
    else:
        export_only(database, kept, results / what)


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
