"""What the page can be narrowed to: choices by framework, version and the like, and whose rows are.

The template marks every row, column and drawing with the arms that it is of; the script of the page
(``templates/report.js``) hides what the choices leave out. Without the script all of it is shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Facet:
    """Something that arms differ in; ``name`` stands in the address of a narrowed page."""

    name: str
    title: str
    choices: dict[str, str]  # value: in words


def version(arm: Row) -> str:
    return f"{arm['framework']} {arm['framework_version']}" + (
        f"@{arm['variant']}" if arm["variant"] else ""
    )


OF_ARMS: dict[str, tuple[str, Callable[[Row], str]]] = {
    "framework": ("Framework", lambda arm: str(arm["framework"])),
    "version": ("Version", version),
    "python": ("Python", lambda arm: str(arm["python_version"])),
    "broker": ("Broker", lambda arm: str(arm["broker"])),
    "provider": ("Provider", lambda arm: str(arm["provider"])),
    "profile": ("Profile", lambda arm: str(arm["topology_profile"])),
}


def facets(every: Mapping[str, Sequence[Row]]) -> list[Facet]:
    """Those with more than one value on the page; ``every``: the report's rows by query. One that
    divides the arms just as one before it, such as versions where each framework has one, adds
    nothing and is left out.
    """
    found: list[Facet] = []
    divided: list[list[int]] = []
    for name, (title, value) in OF_ARMS.items():
        values = [value(arm) for arm in every["arms"]]
        division = [values.index(each) for each in values]
        if len(set(values)) > 1 and division not in divided:
            divided.append(division)
            found.append(Facet(name, title, {each: each for each in values}))
    experiments = experiment_words(every)
    if len(experiments) > 1:
        found.append(Facet("experiment", "Experiment", experiments))
    return found


def experiment_words(every: Mapping[str, Sequence[Row]]) -> dict[str, str]:
    """The experiments with figures or verdicts on the page, each with its day and size."""
    shown = {row["experiment_id"] for name in ("origins", "verdicts") for row in every[name]}
    return {
        row["experiment_id"]: f"{row['experiment_id']} ({row['command']}, {row['size']})"
        for row in every["experiments"]
        if row["experiment_id"] in shown
    }


def script_data(every: Mapping[str, Sequence[Row]]) -> Row:
    """What the script needs to know: ``arms``, their values by number; ``origins``, by scenario and
    arm the experiment that is shown.
    """
    arms = {
        arm["arm"]: {name: value(arm) for name, (_, value) in OF_ARMS.items()}
        for arm in every["arms"]
    }
    origins: dict[str, dict[int, str]] = {}
    for row in every["origins"]:
        origins.setdefault(row["scenario"], {})[row["arm"]] = row["experiment_id"]
    return {"arms": arms, "origins": origins}
