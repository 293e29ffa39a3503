"""``python -m harness.report.published DATABASE``: publish the newest survey of a database.

Writes results/survey, and what README.md and results/README.md say of it between their marks.
"""

import argparse
from pathlib import Path

from rich.console import Console

from harness.report.export.export import export
from harness.report.published.marks import between
from harness.report.published.readme import block, index
from harness.report.published.survey import alone, exported_survey
from infrastructure.root import ROOT

SURVEY = ROOT / "results" / "survey"
MARK = "results/survey"
PAGES = {ROOT / "README.md": block, ROOT / "results" / "README.md": index}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m harness.report.published", description=__doc__)
    parser.add_argument("database", type=Path)
    database = parser.parse_args().database
    with alone(database) as survey:
        export(survey, SURVEY, "parquet", None, Console(soft_wrap=True), timings=False)
    found = exported_survey(SURVEY)
    for page, made in PAGES.items():
        page.write_text(between(page.read_text(), MARK, made(found)))
        print(f"wrote {page.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
