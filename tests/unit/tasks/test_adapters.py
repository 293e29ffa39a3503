"""Every adapter offers what ``tasks.adapter.Adapter`` asks, and takes it as it is given.

Read from the source, since a framework can be imported in its own cell only.
"""

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from harness.cli.matrix import read_matrix
from harness.report.adapters import FRAMEWORKS, Source
from tasks.adapter import CAPABILITIES, Adapter, AsyncProducer, SyncProducer

MATRIX = read_matrix()
ALWAYS = {"launch", "producer"}
# What has to be there when a string or a member of WANTS says that it is used.
ASKED_FOR_BY = {"tasks.worker": "work", "tasks.prepare": "prepare", "events": "listen"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef
Parameters = list[tuple[str, str, bool]]  # name, kind, whether it may be left out


def defined(source: Source) -> dict[str, Definition]:
    """What the main module has at its top, its own and what it imports from its other files."""
    found = definitions(source.main)
    for node in source.main.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            other = source.trees.get(node.module.rpartition(".")[2])
            inside = definitions(other) if other else {}
            found |= {
                alias.asname or alias.name: inside[alias.name]
                for alias in node.names
                if alias.name in inside
            }
    return found


def definitions(tree: ast.Module) -> dict[str, Definition]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name: node for node in tree.body if isinstance(node, kinds)}


def written(function: Function) -> Parameters:
    """Of a function as it stands in a file; an underscore says that it is not used."""
    spec = function.args
    usual = [*spec.posonlyargs, *spec.args]
    found = [
        (each.arg, "usual", n >= len(usual) - len(spec.defaults)) for n, each in enumerate(usual)
    ]
    alone = zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
    found += [(each.arg, "by name", default is not None) for each, default in alone]
    found += [(each.arg, "rest", True) for each in (spec.vararg, spec.kwarg) if each]
    return [(name.lstrip("_"), kind, left) for name, kind, left in found if name != "self"]


def wanted(function: Callable[..., Any]) -> Parameters:
    """Of a method of a protocol."""
    found = inspect.signature(function).parameters.values()
    return [(p.name, "usual", p.default is not p.empty) for p in found if p.name != "self"]


def methods(protocol: type) -> dict[str, Callable[..., Any]]:
    return {n: f for n, f in vars(protocol).items() if inspect.isfunction(f) and n[0] != "_"}


def misfits(own: Mapping[str, Definition], protocol: type) -> Iterator[str]:
    """Functions that are there and are another's."""
    for name, function in methods(protocol).items():
        node = own.get(name)
        if node is None:
            continue
        if isinstance(node, ast.ClassDef):
            yield f"{name} is a class"
        elif isinstance(node, ast.AsyncFunctionDef) != inspect.iscoroutinefunction(function):
            yield f"{name} waits, or does not, unlike {protocol.__name__}'s"
        elif written(node) != wanted(function):
            yield f"{name}({ast.unparse(node.args)}), not {inspect.signature(function)}"


def producers(source: Source) -> list[ast.ClassDef]:
    return [
        node for node in source.nodes() if isinstance(node, ast.ClassDef) and "send" in inside(node)
    ]


def inside(kind: ast.ClassDef) -> dict[str, Function]:
    found = (node for node in kind.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name: node for node in found}


def producer_complaints(kind: ast.ClassDef) -> Iterator[str]:
    own = inside(kind)
    awaits = isinstance(own["send"], ast.AsyncFunctionDef)
    protocol = AsyncProducer if awaits else SyncProducer
    yield from (f"{kind.name} has no {name}" for name in methods(protocol) if name not in own)
    yield from (f"{kind.name}: {said}" for said in misfits(own, protocol))
    set_there = {ast.unparse(n.targets[0]) for n in kind.body if isinstance(n, ast.Assign)}
    if awaits and "loop_factory" not in set_there:
        yield f"{kind.name} has no loop_factory"


def complaints(source: Source) -> Iterator[str]:
    own = defined(source)
    strings = {n.value for n in source.nodes() if isinstance(n, ast.Constant)}
    strings -= {"events"} - set(source.constant("WANTS") or ())
    needed = ALWAYS | {name for word, name in ASKED_FOR_BY.items() if word in strings}
    yield from (f"no {name}" for name in sorted(needed) if name not in own)
    yield from misfits(own, Adapter)
    found = producers(source)
    yield from (said for kind in found for said in producer_complaints(kind))
    if not found:
        yield "no producer has a send"


def fact_complaints(source: Source) -> Iterator[str]:
    """What FACTS lacks of CAPABILITIES, has beyond it, or says otherwise than the producers do."""
    known: dict[str, str] = source.constant("FACTS") or {}
    yield from (f"no fact on {name}" for name in CAPABILITIES if not known.get(name))
    yield from (f"{name} is no capability" for name in known if name not in CAPABILITIES)
    for kind in producers(source):
        how = "async" if isinstance(inside(kind)["send"], ast.AsyncFunctionDef) else "sync"
        if how not in re.findall(r"\w+", known.get("send", "")):
            yield f"{kind.name} is {how}, which FACTS does not say"


@pytest.mark.parametrize("framework", MATRIX.frameworks)
def test_an_adapter_keeps_the_protocol(framework: str) -> None:
    assert list(complaints(Source.of(framework))) == []


@pytest.mark.parametrize("framework", sorted(set(MATRIX.frameworks) - {"stub"}))
def test_an_adapter_states_its_facts(framework: str) -> None:
    assert list(fact_complaints(Source.of(framework))) == []


def test_no_adapter_is_outside_the_matrix() -> None:
    """Beside an adapter may stand a file of its own, named after it: ``django_settings``."""
    there = {p.stem for p in FRAMEWORKS.iterdir() if not p.name.startswith("_")}
    missing = set(MATRIX.frameworks) - there
    more = {n for n in there - set(MATRIX.frameworks) if n.rpartition("_")[0] not in there}
    assert (missing, more) == (set(), set())


# ── Adapters that are none ───────────────────────────────────────────────────────────────────

GOOD = """
FACTS = {}

def launch(spec):
    return Launch(workers=[["tasks.worker"]])

def work(_spec):
    pass

class Producer:
    loop_factory = None

    async def open(self): ...
    async def send(self, seq, kind, arg, queue="", delay_s=0.0): ...
    async def close(self): ...

def producer(spec):
    return Producer()
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("def launch", "def start", ["no launch"]),
        ("def work(_spec)", "def work()", ["work(), not (self, spec: tasks.spec.Spec) -> None"]),
        ("def work", "async def work", ["work waits, or does not, unlike Adapter's"]),
        ("def work", "def works", ["no work"]),
        ('"tasks.worker"', '"tasks.worker", "tasks.prepare"', ["no prepare"]),
        ("FACTS = {}", 'WANTS = {"events"}', ["no listen"]),
        (
            "    async def open",
            "    def open",
            ["Producer: open waits, or does not, unlike AsyncProducer's"],
        ),
        ("    async def close(self): ...", "", ["Producer has no close"]),
        ("    loop_factory = None", "", ["Producer has no loop_factory"]),
        ("def send", "def put", ["no producer has a send"]),
        ("class Producer", "class producer", ["producer is a class"]),
    ],
)
def test_what_is_broken_is_named(old: str, new: str, said: list[str]) -> None:
    assert list(complaints(Source({"__init__": GOOD}))) == []
    broken = GOOD.replace(old, new)
    if new == "class producer":
        broken = broken.partition("def producer")[0]
    assert list(complaints(Source({"__init__": broken}))) == said


def test_a_send_that_takes_something_else_is_named() -> None:
    broken = GOOD.replace('queue="", delay_s=0.0', "queue, delay_s=0.0")
    (said,) = complaints(Source({"__init__": broken}))
    assert said.startswith("Producer: send(self, seq, kind, arg, queue, delay_s=0.0), not (self, ")


def test_what_stands_in_another_file_of_the_package_counts() -> None:
    split = GOOD.replace("def work(_spec):\n    pass\n", "from tasks.frameworks.x.y import work\n")
    texts = {"__init__": split, "y": "def work(spec):\n    pass\n"}
    assert list(complaints(Source(texts))) == []
    assert list(complaints(Source({**texts, "y": ""}))) == ["no work"]


def test_facts_that_are_wrong_are_named() -> None:
    facts = {**dict.fromkeys(CAPABILITIES, "no"), "send": "async"}
    assert list(fact_complaints(stating(facts))) == []
    assert list(fact_complaints(stating({**facts, "cron": "", "speed": "great"}))) == [
        "no fact on cron",
        "speed is no capability",
    ]
    assert list(fact_complaints(stating({**facts, "send": "sync"}))) == [
        "Producer is async, which FACTS does not say"
    ]


def stating(facts: Mapping[str, str]) -> Source:
    return Source({"__init__": GOOD.replace("FACTS = {}", f"FACTS = {facts}")})
