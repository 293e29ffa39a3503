"""Documents as pages: what Markdown becomes, and where links lead."""

import pytest

from harness.report.site.documents import as_html, documents, on_site
from harness.report.titles import slug
from tests.made.html import Page

NAMES = {"findings", "method"}


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("findings.md#a-finding", "../findings/index.html#a-finding"),
        ("method.md", "../method/index.html"),
        ("#below", "#below"),
        ("https://nox.thea.codes", "https://nox.thea.codes"),
        ("../CONTRIBUTING.md", ""),
        ("../results/method.md", ""),
        ("claims.md", ""),
        ("img/picture.png", ""),
    ],
)
def test_a_link_leads_to_the_page_of_a_document_or_nowhere(address: str, leads: str) -> None:
    assert on_site(address, NAMES) == leads


def test_a_link_that_leads_nowhere_is_plain_text() -> None:
    made = as_html("See [the *method*](method.md), [rules](../CONTRIBUTING.md).", NAMES)
    assert made == ('<p>See <a href="../method/index.html">the <em>method</em></a>, rules.</p>\n')


def test_headings_have_the_anchors_that_they_have_elsewhere() -> None:
    page = Page(as_html("# A\n\n### On `SQS`, a full prefetch: 2 s\n\n### A\n", NAMES))
    assert set(page.ids) == {"a", "on-sqs-a-full-prefetch-2-s", "a-1"}
    assert slug("On `SQS`, a full prefetch: 2 s") in page.ids


def test_a_table_can_be_scrolled_with_the_keyboard() -> None:
    made = as_html("| a | b |\n|---|---:|\n| 1 | 2 |\n", NAMES)
    assert made.startswith('<div class="scroll" tabindex="0" role="group" aria-label="Table">')
    assert Page(made).tags["td"] == 2


def test_an_empty_cell_heads_nothing() -> None:
    made = as_html("| | b |\n|---|---:|\n| 1 | 2 |\n", NAMES)
    assert (Page(made).tags["th"], Page(made).tags["td"]) == (1, 3)


def test_every_document_has_a_heading() -> None:
    found = {document.name: document.heading for document in documents()}
    assert found["findings"] == "Findings"
    assert all(found.values())


def test_an_experiment_that_is_named_leads_to_its_trials() -> None:
    made = as_html("Experiment `series-1`, not `series-2`.", NAMES, ["series-1"])
    assert made == (
        '<p>Experiment <a href="../../trials/series-1/index.html"><code>series-1</code></a>, '
        "not <code>series-2</code>.</p>\n"
    )
