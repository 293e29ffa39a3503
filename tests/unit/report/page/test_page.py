"""The report of a small database with known rows: what is on the page, and what must not be."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.report.page import pictures
from harness.report.page.select import QUERIES, TABLES, Selection
from harness.store.queries import sql
from tests.made.html import Page, between
from tests.made.rows import Rows


def test_medians_and_ranges_are_over_ok_measuring_trials(page: Page) -> None:
    row = between(page.text, "alpha 1.0 1,234", "beta 1.0 321")
    assert row.startswith("alpha 1.0 1,234 1,000 – 1,500 5,000 5,000 – 5,000 3 of 5 ok")
    assert "1 invalid, 1 failed: lost 3 <tasks> & more" in row


@pytest.mark.parametrize("excluded", ["99,999", "77,777", "66,666"])
def test_figures_of_other_trials_are_nowhere(page: Page, excluded: str) -> None:
    assert excluded not in page.source


def test_one_trial_has_no_range(page: Page) -> None:
    assert "beta 1.0 321 — 1 of 1 ok one trial" in page.text


REASONS = "Trials that are not ok; no figure includes them"
SETTINGS = "Settings, asked and read back"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (REASONS, "measure failed the broker died"),
        (REASONS, "measure invalid lost 3 <tasks> & more"),
        (REASONS, "steal percent 3 exceeds 2"),
        (SETTINGS, "1 readings differ, 1 were not read back"),
        (SETTINGS, 'pool "prefork" "solo" 1'),
        (SETTINGS, 'acks "late" not read back 1'),
    ],
)
def test_reasons_remarks_and_settings_are_given(page: Page, title: str, said: str) -> None:
    assert said in page.text[page.text.index(title) :]


def test_a_load_without_a_valid_trial_has_no_figure(page: Page) -> None:
    said = "load 0.7 700 alpha 1.0 no valid trial: unstable, latency undefined 0 of 1 ok"
    assert said in page.text


def test_it_says_that_it_is_no_verdict(page: Page) -> None:
    assert "A description, not a verdict" in page.text
    assert (
        "Whatever changed on the machine between the sessions is part of the difference"
        in page.text
    )
    assert "Quick size: a first look; don't quote its numbers. 1 of the 2 experiments" in page.text


def test_different_absolute_loads_are_said(page: Page) -> None:
    said = "beta 1.0: 200, 280 tasks/s at load 0.5, load 0.7 of its capacity of 400 tasks/s"
    assert "Not the same load." in page.text
    assert said in page.text


def test_the_latest_experiment_is_shown_and_others_are_listed(page: Page) -> None:
    experiments = between(page.text, "Experiments SQL: experiments", "Machine")
    assert "old 2026-03-01 10:00 alpha 1.0 full 7 abc1234 1 of 1 — throughput" in experiments
    assert "a 2026-03-02 10:00 alpha 1.0 full 7 abc1234 4 of 7 latency, throughput —" in experiments


def test_arms_with_and_without_pins_are_named(
    selected: Callable[[Callable[[Rows], None]], Selection],
) -> None:
    """By scenario, of ok trials: one that failed before the drain had no pins yet."""

    def fill(rows: Rows) -> None:
        rows.experiment("e")
        for framework, pinned in (("alpha", "yes"), ("beta", "no")):
            for scenario, told in (("throughput", pinned), ("burst", "no")):
                trial = rows.trial("e", framework, scenario=scenario, metrics={"drain_rate": 1.0})
                rows.environment(trial, {"workers_pinned": told})
        rows.environment(rows.trial("e", "alpha", status="failed"), {"workers_pinned": "no"})

    found = [each for each in selected(fill).differences if each.name == "workers pinned"]
    assert {each.label: each.value for each in found} == {"alpha 1.0": "yes", "beta 1.0": "no"}


def test_differences_between_surroundings_are_named(page: Page) -> None:
    differences = between(page.text, "Differences between the arms", "No ratio between experiments")
    assert "kernel alpha 1.0 6.1-alpha kernel beta 1.0 6.1-beta" in differences
    assert "size alpha 1.0 full size beta 1.0 quick" in differences
    assert "Imaginary 9000" not in differences


def test_profiles_are_listed_and_linked(page: Page) -> None:
    assert "work (w.py) 30 75.0%" in page.text
    assert "../profiles/py%20spy.svg" in page.addresses
    assert not [a for a in page.addresses if "gone" in a]


def test_without_a_selfbench_the_page_says_how_to_make_one(page: Page) -> None:
    assert "nox -s selfbench measures what the probe costs" in page.text


def test_the_overview_has_a_row_a_scenario_and_a_column_an_arm(page: Page) -> None:
    matrix = between(page.source, 'class="wide matrix"', "</table>")
    sections = re.findall(r'<h2 id="(throughput|latency)"', page.source)
    assert matrix.count('<th scope="row">') == len(sections)
    said = between(page.text, "throughput drain rate", "latency")
    assert "1,234 3 of 5 trials ok 321" in said


# ── As a document ────────────────────────────────────────────────────────────────────────────


def test_the_page_loads_nothing(page: Page) -> None:
    icon = "data:,"  # without one a browser asks for /favicon.ico
    assert page.addresses[0] == icon
    assert page.tags["link"] == 1
    assert not [a for a in page.addresses[1:] if re.match(r"\s*(\w+:|//)", a)]
    assert not {"img", "iframe", "object"} & set(page.tags)
    assert not re.search(r"url\([^#]|@import", page.source)


def test_the_page_is_well_formed(page: Page) -> None:
    assert page.open == []
    assert [i for i, n in page.ids.items() if n > 1] == []
    anchors = [a[1:] for a in page.addresses if a.startswith("#")]
    assert set(anchors) <= set(page.ids)
    assert page.tags["h1"] == page.tags["main"] == 1
    assert page.tags["caption"] == page.tags["table"]


def test_figures_lead_to_their_queries(page: Page) -> None:
    named = {a.removeprefix("#query-") for a in page.addresses if a.startswith("#query-")}
    assert {"metrics", "points", "depth", "distribution", "arms", "states", "not_ok"} <= named
    words = "".join(page.text.split())
    for name in (*TABLES, *QUERIES):
        assert page.ids[f"query-{name}"] == 1
        assert "".join(sql(f"report_{name}").split()) in words


def test_charts_have_words_and_no_fixed_ink(page: Page) -> None:
    shapes, *drawings = re.findall(r"<svg .*?</svg>", page.source, re.DOTALL)
    assert 'aria-hidden="true"' in shapes
    assert len(drawings) >= 6
    assert all('role="img" aria-label="' in d for d in drawings)
    sizes = [float(s) for s in re.findall(r"svg \.s\d+{[^}]*font-size: ([\d.]+)px", page.source)]
    assert sizes
    assert min(sizes) >= 11
    assert "#1b1d20" not in "".join(drawings)


@pytest.mark.parametrize(
    "name", sorted(set(pictures.TITLES) - {pictures.VERSIONS, pictures.BROKERS})
)
def test_pictures_stand_beside_the_page(page: Page, out: Path, name: str) -> None:
    assert (out / f"{name}.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert "<svg" in (out / f"{name}.svg").read_text()
    assert f'href="{name}.png"' in page.source
    assert f'href="{name}.svg"' in page.source


def test_one_broker_is_not_compared(page: Page, out: Path) -> None:
    assert 'id="brokers"' not in page.source
    assert not (out / "driver_comparison.png").exists()
