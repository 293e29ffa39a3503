"""What the page can be narrowed to: choices by framework, version and the like, and whose rows are.

The template marks every row, column and drawing with the arms that it is of; the script of the page
(``templates/report/report.js``) hides what the choices leave out. Without it all of it is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass

from harness.report.page.select import Selection
from harness.report.rows.arms import PageArm


@dataclass(frozen=True)
class Facet:
    """Something that arms differ in; ``name`` stands in the address of a narrowed page."""

    name: str
    title: str
    choices: dict[str, str]  # value: in words


@dataclass(frozen=True)
class ScriptData:
    """What the script needs to know: the values of each arm by facet, with its label, and the
    experiment that is shown by scenario and arm.
    """

    arms: dict[int, dict[str, str]]
    origins: dict[str, dict[int, str]]


def version(arm: PageArm) -> str:
    variant = f"@{arm.variant}" if arm.variant else ""
    return f"{arm.framework} {arm.framework_version}{variant}"


OF_ARMS: dict[str, tuple[str, Callable[[PageArm], str]]] = {
    "framework": ("Framework", lambda arm: arm.framework),
    "version": ("Version", version),
    "python": ("Python", lambda arm: arm.python_version),
    "broker": ("Broker", lambda arm: arm.broker),
    "provider": ("Provider", lambda arm: arm.provider),
    "profile": ("Profile", lambda arm: arm.topology_profile),
}


def facets(found: Selection) -> list[Facet]:
    """Those with more than one value on the page. One that divides the arms just as one before it,
    such as versions where each framework has one, adds nothing and is left out.
    """
    made: list[Facet] = []
    divided: list[list[int]] = []
    for name, (title, value) in OF_ARMS.items():
        values = [value(arm) for arm in found.arms]
        division = [values.index(each) for each in values]
        if len(set(values)) > 1 and division not in divided:
            divided.append(division)
            made.append(Facet(name, title, {each: each for each in values}))
    experiments = experiments_in_words(found)
    if len(experiments) > 1:
        made.append(Facet("experiment", "Experiment", experiments))
    return made


def experiments_in_words(found: Selection) -> dict[str, str]:
    """The experiments with figures or verdicts on the page, each with its command and size."""
    shown = {row.experiment_id for row in found.origins}
    shown |= {row.experiment_id for row in found.verdicts}
    return {
        row.experiment_id: f"{row.experiment_id} ({row.command}, {row.size})"
        for row in found.experiments
        if row.experiment_id in shown
    }


def script_data(found: Selection) -> ScriptData:
    arms = {
        arm.arm: {name: value(arm) for name, (_, value) in OF_ARMS.items()} | {"label": arm.label}
        for arm in found.arms
    }
    origins: dict[str, dict[int, str]] = {}
    for row in found.origins:
        origins.setdefault(row.scenario, {})[row.arm] = row.experiment_id
    return ScriptData(arms, origins)
