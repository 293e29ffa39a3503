"""What an adapter has to offer, held against its source: a framework can be imported in its own
cell only.
"""

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from tasks.adapter import (
    CAPABILITIES,
    Adapter,
    AsyncCaller,
    AsyncGroups,
    AsyncProducer,
    SyncCaller,
    SyncGroups,
    SyncProducer,
)
from tasks.settings import BROKER

ALWAYS = {"launch", "producer"}
# What has to be there when a string says that it is used.
ASKED_FOR_BY = {"tasks.worker": "work", "tasks.prepare": "prepare"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef
Parameters = list[tuple[str, str, bool]]  # name, kind, whether it may be left out


class Source(Protocol):
    """An adapter's files as trees, by name: ``harness.report.adapters.Source``."""

    main: ast.Module
    trees: dict[str, ast.Module]

    def nodes(self) -> Iterator[ast.AST]: ...
    def gaps(self) -> set[str] | None: ...
    def gives(self) -> set[str]: ...


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
    beside = (AsyncGroups, AsyncCaller) if awaits else (SyncGroups, SyncCaller)
    for each in (protocol, *beside):
        yield from (f"{kind.name}: {said}" for said in misfits(own, each))
    set_there = {ast.unparse(n.targets[0]) for n in kind.body if isinstance(n, ast.Assign)}
    if awaits and "loop_factory" not in set_there:
        yield f"{kind.name} has no loop_factory"


def own_complaints(source: Source) -> Iterator[str]:
    """Settings of the framework's own: the places that the adapter declares are those from which it
    reads back, and it gives no other.
    """
    calls = [node for node in source.nodes() if isinstance(node, ast.Call)]
    declared = {place for call in calls for place in places_of(call)}
    called = [(ast.unparse(call.func), call) for call in calls]
    read = {k.arg or "" for name, call in called if name == "SETTINGS.read" for k in call.keywords}
    words = [word for name, call in called if name == "SETTINGS.of" for word in call.args[1:]]
    given = {str(getattr(word, "value", BROKER)) for word in words}
    yield from (f"settings of {place} are not read back" for place in sorted(declared - read))
    yield from (f"{place} is no place of settings" for place in sorted((read | given) - declared))


def places_of(call: ast.Call) -> Iterator[str]:
    """Where settings are given, if this makes an ``Own``."""
    if ast.unparse(call.func) != "Own":
        return
    parts = {each.arg: each.value for each in call.keywords}
    if isinstance(places := parts.get("places"), ast.Dict):
        yield from (ast.literal_eval(key) for key in places.keys if key)
    if "on" in parts:
        yield BROKER


def complaints(source: Source) -> Iterator[str]:
    own = defined(source)
    strings = {n.value for n in source.nodes() if isinstance(n, ast.Constant)}
    needed = ALWAYS | {name for word, name in ASKED_FOR_BY.items() if word in strings}
    gaps = source.gaps()
    if gaps is not None and "events" not in gaps:
        needed.add("listen")
    yield from (f"no {name}" for name in sorted(needed) if name not in own)
    yield from misfits(own, Adapter)
    found = producers(source)
    yield from (said for kind in found for said in producer_complaints(kind))
    if not found:
        yield "no producer has a send"
    groups = gaps is not None and "group" not in gaps
    if groups and not any("send_group" in inside(kind) for kind in found):
        yield "no producer has a send_group"
    if "results" in source.gives() and not any("call" in inside(kind) for kind in found):
        yield "no producer has a call"
    yield from own_complaints(source)


def fact_complaints(source: Source, known: Mapping[str, str]) -> Iterator[str]:
    """What its facts lack of CAPABILITIES, have beyond it, or say otherwise than its producers."""
    yield from (f"no fact on {name}" for name in CAPABILITIES if not known.get(name))
    yield from (f"{name} is no capability" for name in known if name not in CAPABILITIES)
    for kind in producers(source):
        how = "async" if isinstance(inside(kind)["send"], ast.AsyncFunctionDef) else "sync"
        if how not in re.findall(r"\w+", known.get("send", "")):
            yield f"{kind.name} is {how}, which the facts do not say"
