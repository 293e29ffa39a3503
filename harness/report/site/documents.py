"""The project's documents as pages: Markdown becomes HTML, links stay within the site."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin

from harness.report.published.documents import Results, pages
from harness.report.rows.of_cell import OfArm
from harness.report.site.folder import Site
from harness.report.site.trials import anchor, page_of
from harness.report.titles import slug
from infrastructure.root import ROOT

DOCS = ROOT / "docs"
ELSEWHERE = ("https://", "http://", "#", "../../")  # the last: a page of the site
WIDE = (  # a table that is wider than a phone is scrolled, with the keyboard too
    '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table class="data">',
    "</table></div>",
)


@dataclass(frozen=True)
class Document:
    """``name``: that of its file; ``heading``: its first."""

    name: str
    heading: str
    text: str

    @property
    def address(self) -> str:
        """From the root of the site."""
        return f"docs/{self.name}/index.html"


def documents() -> list[Document]:
    """Those that are there: an installed package has few."""
    return [
        Document(path.stem, heading(text), text)
        for path in sorted(DOCS.glob("*.md"))
        for text in [path.read_text()]
    ]


def with_results(written: Sequence[Document], database: Path) -> list[Document]:
    """Those made of results are made of what the database has; figures lead to their trials."""
    results = Results.read(database)
    made = {name: Document(name, heading(text), text) for name, text in pages(results, behind)}
    return list(({document.name: document for document in written} | made).values())


def behind(arm: OfArm) -> str:
    """From a document to the trials of an arm."""
    return f"../../{page_of(arm.experiment_id)}#{anchor(arm.scenario, arm)}"


def heading(text: str) -> str:
    found = re.search(r"^# (.*)$", text, re.MULTILINE)
    return found[1].replace("`", "") if found else ""


def as_html(text: str, names: Collection[str], experiments: Collection[str] = ()) -> Markup:
    """The page of a Markdown text. A link to another of these documents leads to its page, one to
    a file that the site has not is plain text; an experiment that is named leads to its trials.
    """
    markdown = MarkdownIt("commonmark").enable("table")
    anchors_plugin(markdown, max_level=4, slug_func=slug)
    markdown.add_render_rule("table_open", lambda *_: WIDE[0])
    markdown.add_render_rule("table_close", lambda *_: WIDE[1])
    tokens = markdown.parse(text)
    for token in tokens:
        if token.children:
            kept = list(relinked(token.children, names))
            token.children = list(led_to_trials(kept, experiments))
    made = markdown.renderer.render(tokens, markdown.options, {})
    made = re.sub(r"<th( [^>]*)?></th>", r"<td\1></td>", made)  # an empty cell heads nothing
    return Markup(made)  # noqa: S704  our documents


def relinked(tokens: Sequence[Token], names: Collection[str]) -> Iterator[Token]:
    """The tokens of a line, with the addresses of the site."""
    kept: list[bool] = []
    for token in tokens:
        leads = True
        if token.type == "link_open":
            token.attrs["href"] = on_site(str(token.attrs["href"]), names)
            kept.append(leads := bool(token.attrs["href"]))
        elif token.type == "link_close":
            leads = kept.pop()
        if leads:
            yield token


def led_to_trials(tokens: Sequence[Token], experiments: Collection[str]) -> Iterator[Token]:
    """The tokens of a line; the id of an experiment, as code, leads to its page."""
    for token in tokens:
        leads = token.type == "code_inline" and token.content in experiments
        if leads:
            yield Token("link_open", "a", 1, {"href": f"../../{page_of(token.content)}"})
        yield token
        if leads:
            yield Token("link_close", "a", -1)


def on_site(address: str, names: Collection[str]) -> str:
    """Where a document's link leads on the site; empty where the site has no such page."""
    if address.startswith(ELSEWHERE):
        return address
    path, _, anchor = address.partition("#")
    name = PurePosixPath(path).stem
    if path != f"{name}.md" or name not in names:
        return ""
    return f"../{name}/index.html" + (f"#{anchor}" if anchor else "")


def write_documents(
    site: Site, found: Sequence[Document], experiments: Collection[str] = ()
) -> None:
    """``docs/NAME/index.html`` of each; ``experiments``: those with a page of trials."""
    names = {document.name for document in found}
    for document in found:
        body = as_html(document.text, names, experiments)
        site.write(document.address, "document", {"document": document, "body": body})
