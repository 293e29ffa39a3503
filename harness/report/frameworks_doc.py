"""``python -m harness.report.frameworks_doc``: write docs/frameworks.md from the facts
of the frameworks and the matrix.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from harness.cli.matrix import Framework, Matrix, read_matrix
from harness.report.adapters import Source, read_facts
from infrastructure.root import ROOT
from tasks.spec import WANTS

PAGE = ROOT / "docs" / "frameworks.md"
OURS = "stub"  # a queue of our own, for tests
# What a scenario takes of workers that have the capability (tasks/spec.py): an adapter without a
# gap there is held to it on every broker.
TAKEN = {
    "retries": "retry_s",
    "priority": "queues",
    "events": "events",
    "acknowledgement": "acks",
    "redelivery": "redeliver_s",
    "results": "results",
    "cron": "periodic",
    "groups": "group",
    "autoscaling": "autoscale",
}
FEW = frozenset({"results", "autoscale"})  # a gap unless the adapter says that it gives them
TESTED = "✓ "
TABLES = (
    (
        "A task's life",
        ("send", "batches", "acknowledgement", "redelivery", "retries", "timeouts", "delay"),
    ),
    ("What else there is", ("results", "groups", "priority", "cron", "events", "autoscaling")),
)

HEAD = """\
# Frameworks

`python -m harness.report.frameworks_doc` writes this page from `tasks/frameworks/facts.toml` and
from `[tool.bench]` in `pyproject.toml`. Change them there.

Each cell says what the framework can do by itself, in the newest pinned version. ✓ means that tests
check it on every broker named where the framework has it: they send with it, delay tasks with it,
or run the scenario that needs it (`test_frameworks.py`, `test_conformance.py` and `test_matrix.py`
in `tests/integration/`). Facts without ✓ come from its documentation and source. `cron` is what
starts tasks periodically, and tests ask for one each second; `groups` are tasks and one that
follows when all have succeeded; `timeouts` end a task that takes too long; `autoscaling` starts and
ends worker processes with the load. `raw` is the floor: the broker's client alone.
"""


def is_held(name: str, fact: str, taken: Iterable[str]) -> bool:
    """Whether tests hold the framework to a fact. Every adapter sends, and is asked to delay."""
    if re.match(r"no\b", fact):
        return False
    return name in {"send", "delay"} or (name in TAKEN and TAKEN[name] in taken)


def page(matrix: Matrix) -> str:
    """docs/frameworks.md as it should be."""
    measured = [f for f in matrix.frameworks.values() if f.name != OURS]
    facts = read_facts()
    told = {f.name: marked(f.name, facts[f.name]) for f in measured}
    heading = ("framework", "versions", "brokers", "Python", "licence")
    rows = [pinned(f, matrix.pythons, facts[f.name]["licence"]) for f in measured]
    sections = [f"## What is pinned\n\n{table(heading, rows)}"]
    for title, names in TABLES:
        rows = [[name, *(own[n] for n in names)] for name, own in told.items()]
        sections.append(f"## {title}\n\n{table(('framework', *names), rows)}")
    return "\n".join([HEAD, *sections])


def marked(framework: str, facts: Mapping[str, str]) -> dict[str, str]:
    """What it can do, in a few words each; ✓ before what tests hold it to."""
    source = Source.of(framework)
    gaps = source.gaps()
    taken = () if gaps is None else (WANTS - FEW | source.gives()) - gaps
    names = (name for _, names in TABLES for name in names)
    return {name: cell(name, facts[name], taken) for name in names}


def pinned(framework: Framework, pythons: Sequence[str], licence: str) -> list[str]:
    beside = [word.replace("==", " ") for word in framework.beside if "==" in word]
    versions = ", ".join(framework.versions)
    with_ = f" (with {', '.join(beside)})" if beside else ""
    return [
        framework.name,
        versions + with_,
        ", ".join(framework.brokers),
        ", ".join(pythons),
        licence,
    ]


def cell(name: str, fact: str, taken: Iterable[str]) -> str:
    return f"{TESTED if is_held(name, fact, taken) else ''}{fact}"


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    PAGE.write_text(page(read_matrix()))
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
