"""The trials behind the figures: a page per experiment, on which every figure can be looked up."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from harness.report.again import again
from harness.report.answer.questions import AFTER_KILL, ASKED
from harness.report.page.select import Selection
from harness.report.rows.fetch import fetch_as
from harness.report.rows.grouped import grouped
from harness.report.rows.of_cell import OfCell
from harness.report.rows.site import SiteExperiment, SiteTrial
from harness.report.site.folder import Site
from harness.report.tables import make_tables
from harness.report.titles import title
from harness.scenario.catalogue import load_scenarios
from harness.store.database import open_database

TABLES = ("report_wanted", "report_arm", "report_arm_trial", "report_units")


def page_of(experiment: str) -> str:
    return f"trials/{experiment}/index.html"


def anchor(scenario: str, arm: OfCell) -> str:
    """Where the trials of an arm in a scenario stand on the page of their experiment."""
    parts = (getattr(arm, field.name) for field in fields(OfCell))
    return re.sub(r"[^\w.]+", "-", "-".join([scenario, *filter(None, parts)]))


def named(arm: OfCell) -> str:
    """The arm in words."""
    variant = f"@{arm.variant}" if arm.variant else ""
    first = f"{title(arm.framework)} {arm.framework_version}{variant}"
    return " · ".join([first, arm.broker, f"Python {arm.python_version}", arm.topology_profile])


class Behind:
    """Where the trials behind a figure of a selection stand, from the root of the site."""

    def __init__(self, found: Selection) -> None:
        self._arms = {arm.arm: arm for arm in found.arms}
        self._origins = {(o.scenario, o.arm): o.experiment_id for o in found.origins}

    def __call__(self, scenario: str, arm: int) -> str:
        """Empty where there is no trial of it."""
        experiment = self._origins.get((scenario, arm))
        if experiment is None:
            return ""
        return f"{page_of(experiment)}#{anchor(scenario, self._arms[arm])}"


def shown() -> Iterator[str]:
    """The figures that a trial is shown with, as scenario.metric."""
    yield from (f"{each.scenario}.{each.metric}" for each in (*ASKED, *AFTER_KILL))
    for name, scenario in load_scenarios().items():
        yield from (f"{name}.{metric}" for metric in scenario.primary_names)


def read_trials(database: Path) -> list[SiteTrial]:
    with open_database(database, read_only=True) as connection:
        make_tables(connection, TABLES)
        return fetch_as(SiteTrial, connection, "site_trials", {"shown": list(set(shown()))})


def write_trials(database: Path, site: Site, experiments: Sequence[SiteExperiment]) -> None:
    """``trials/ID/index.html`` of each experiment."""
    known = {row.experiment_id: row for row in experiments}
    for own in grouped(read_trials(database), lambda trial: trial.experiment_id):
        experiment = known.get(own[0].experiment_id)
        if experiment:
            typed = again(experiment.command, experiment.options, experiment.seed)
            values = {"experiment": experiment, "anchor": anchor, "named": named, "again": typed}
            own_page = {"scenarios": in_order(own), "reported": has_report(site)}
            site.write(page_of(experiment.experiment_id), "trials", values | own_page)


def has_report(site: Site) -> Callable[[str], bool]:
    """Whether the site has a report of an experiment."""
    return lambda experiment: (site.out / "experiments" / experiment / "index.html").exists()


def in_order(trials: Sequence[SiteTrial]) -> list[tuple[str, list[list[SiteTrial]]]]:
    """By scenario, then by arm."""
    return [
        (own[0].scenario, grouped(own, lambda trial: anchor(trial.scenario, trial)))
        for own in grouped(trials, lambda trial: trial.scenario)
    ]
