"""What the work of a trial was, as a hash: equal hashes, equal work.

Of the code only what can change the work counts: its syntax, without imports, docstrings, comments
and what a report shows of a scenario. So a sentence that is written better, a chart more or a
module that moves leaves experiments comparable with those from before.
"""

import ast
import hashlib
import inspect
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from harness.scenario.point import Point
from harness.scenario.seats import PINNED
from harness.trial.cell import Arm
from harness.trial.plan import TrialPlan
from infrastructure.root import ROOT

# Sent and executed by trials of all arms, beside the bodies that a scenario names.
WORK = ("tasks/bodies.py", "tasks/load.py", "tasks/sending.py")
# What is said of a scenario, and nothing that it does.
SAID = {"harness.scenario.primary", "harness.scenario.scenario"}
# Attributes of a scenario that only a report reads.
SHOWN = {"question", "charts", "by_broker", "together", "mistakes", "depth", "fault"}
HALF = 32  # hexadecimal digits


def workload_hash(arm: Arm, plan: TrialPlan) -> str:
    """64 hexadecimal digits. The first half is of what every arm is asked to do: the scenario with
    the verbs that it is written in, load generator, bodies, and the point's numbers without its
    capacity. The second half is of the adapter, which says how this framework does it.
    """
    scenario = Path(inspect.getfile(type(plan.scenario)))
    code = [scenario, *verbs_of(scenario), *(ROOT / file for file in (*WORK, *plan.scenario.work))]
    asked = digest([numbers(plan.point), *(syntax(path) for path in code)])
    return asked[:HALF] + digest(syntax(path) for path in adapter_of(arm))[:HALF]


def adapter_of(arm: Arm) -> list[Path]:
    """The modules of its adapter, and its statements."""
    if arm.adapter:
        return [Path(arm.adapter)]
    place, name = ROOT / "tasks" / "frameworks", arm.framework
    patterns = (f"{name}.py", f"{name}_*.py", f"{name}/*.py", f"{name}/sql/*.sql")
    return sorted(path for pattern in patterns for path in place.glob(pattern))


def numbers(point: Point) -> str:
    """Whether workers are pinned is no part of them: it surrounds the work, where it has an effect
    (``workers_pinned`` of the fingerprint).
    """
    options = {name: value for name, value in point.options.items() if name != PINNED}
    return repr((point.size, point.label, point.fraction, options, point.wants))


def digest(texts: Iterable[str]) -> str:
    found = hashlib.sha256()
    for text in texts:
        found.update(text.encode())
        found.update(b"\0")
    return found.hexdigest()


@cache  # a session does what it read when it began
def syntax(path: Path) -> str:
    """The syntax of a module, without imports, docstrings and comments; the lines of a statement
    without its purpose.
    """
    text = path.read_text()
    if path.suffix == ".sql":
        return "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return stripped(text)


def stripped(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(body := getattr(node, "body", None), list):
            node.body = list(without_words(body))  # type: ignore[attr-defined]  # it has one
        if isinstance(node, ast.ClassDef):
            node.body = [statement for statement in node.body if not is_shown(statement)]
    return ast.dump(tree)


def without_words(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements other than imports and texts that stand for themselves."""
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        yield statement


def is_shown(statement: ast.stmt) -> bool:
    """Whether it gives a class nothing but what a report reads."""
    if not isinstance(statement, ast.Assign):
        return False
    return {ast.unparse(target) for target in statement.targets} <= SHOWN


@cache
def verbs_of(scenario: Path) -> tuple[Path, ...]:
    """The modules of harness.scenario that it drives a run by, directly or through each other."""
    found: dict[str, Path] = {}
    waiting = [scenario]
    while waiting:
        for name in sorted(imported(waiting.pop()) - SAID - set(found)):
            found[name] = ROOT / Path(*name.split(".")).with_suffix(".py")
            waiting.append(found[name])
    return tuple(path for _, path in sorted(found.items()))


def imported(path: Path) -> set[str]:
    """The modules of harness.scenario that one imports by ``from MODULE import``."""
    nodes = (node for node in ast.walk(ast.parse(path.read_text())))
    modules = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name for name in modules if name.startswith("harness.scenario.")}
