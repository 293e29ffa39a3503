"""A report of a site: what all of them have alike stands once beside them."""

import re
from pathlib import Path

from harness.report.files import write
from harness.report.render import TEMPLATES

STYLE, SCRIPT, QUERIES = "report.css", "report.js", "queries/index.html"  # from the site's root
SECTION = re.compile(r'<section aria-labelledby="queries">.*?</section>', re.DOTALL)
LAST_SCRIPT = re.compile(r"<script>\n.*</script>", re.DOTALL)


def style() -> str:
    """Of every report."""
    return (TEMPLATES / "page.css").read_text().rstrip("\n")


def scripts() -> str:
    """Of every report."""
    names = ("report/report.js", "report/sort.js", "enlarge.js")
    return "\n".join((TEMPLATES / name).read_text() for name in names)


def with_shared_at(page: str, root: str) -> str:
    """A report without its queries, its script and the style of every report: links to them lead
    to the site at ``root``. What only this page's drawings have stays in it.
    """
    page = SECTION.sub("", page).replace('href="#quer', f'href="{root}{QUERIES}#quer')
    linked = f'<link rel="stylesheet" href="{root}{STYLE}">\n<style>'
    page = page.replace(f"<style>\n{style()}", linked, 1)
    return LAST_SCRIPT.sub(f'<script src="{root}{SCRIPT}"></script>', page, count=1)


def write_shared(site: Path) -> None:
    """What the reports of a site lead to, but for the page of queries."""
    write(site / STYLE, style() + "\n")
    write(site / SCRIPT, scripts())
