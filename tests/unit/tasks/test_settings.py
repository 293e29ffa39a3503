"""Settings of a framework's own: which are taken, how they are given, and what is refused."""

import ast
from datetime import timedelta
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest

from harness.cli.matrix import read_matrix
from harness.report.adapters import Source
from tasks.contract import own_complaints, places_of
from tasks.settings import Own, parameters, taken, words
from tasks.spec import Spec

WITHOUT = {"raw", "stub"}  # no framework: nothing of their own could be set
FRAMEWORKS = sorted(read_matrix().frameworks.keys() - WITHOUT)


class Colour(Enum):
    RED = "red"


def worker(jobs: int = 1, *, poll_s: float = 0.5, paint: str = "", hook: Any = None) -> None:
    del jobs, poll_s, paint, hook


OWN = Own(
    documented="https://frame.example",
    places={"worker": taken("paint", poll_s="_poll"), "task": taken("retries", "gone")},
    on={"redis": taken("pool_size"), "rabbitmq": taken("confirms")},
    known=parameters(worker) | {"retries", "pool_size", "confirms"},
    decided=frozenset({"jobs"}),
)


def spec_of(broker: str = "redis", **own: Any) -> Spec:
    return Spec("frame", broker, "", "matched", "throughput", "", options={"set": own})


def test_each_place_gets_its_own() -> None:
    spec = spec_of(poll_s=1, retries=3, pool_size=7)
    assert list(OWN.refusals(spec)) == []
    assert OWN.of(spec, "worker") == {"poll_s": 1}
    assert OWN.of(spec, "task", "broker") == {"retries": 3, "pool_size": 7}


def test_what_was_set_is_read_from_the_live_object() -> None:
    spec = spec_of(poll_s=1, paint="red")
    live = SimpleNamespace(_poll=timedelta(seconds=1), paint=Colour.RED, retries=5)
    assert OWN.read(spec, worker=live, task=live) == {"poll_s": 1.0, "paint": "red"}


def test_what_the_live_object_does_not_have_is_unreadable() -> None:
    assert OWN.read(spec_of(poll_s=1), worker=SimpleNamespace()) == {"poll_s": "unreadable"}


@pytest.mark.parametrize(
    ("broker", "name", "said"),
    [
        ("redis", "pol_s", "frame has no setting pol_s on redis; did you mean poll_s? It takes "),
        ("redis", "x", "paint, poll_s, pool_size, retries (https://frame.example)"),
        ("redis", "jobs", "jobs is decided by profile, scenario or broker"),
        ("redis", "hook", "hook: no running worker of frame tells it; It takes"),
        ("redis", "confirms", "no running worker of frame tells it"),
        ("redis", "gone", "frame has no setting gone"),  # of another version
    ],
)
def test_a_setting_that_is_not_there_is_refused(broker: str, name: str, said: str) -> None:
    (refused,) = OWN.refusals(spec_of(broker, **{name: 1}))
    assert said in refused


def test_options_of_a_command_line() -> None:
    found = words({"max_prefetch": 8, "no_parse": True, "reload": False})
    assert found == ["--max-prefetch=8", "--no-parse"]


# ── Over all adapters ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_an_adapter_takes_settings_and_reads_them_back(framework: str) -> None:
    source = Source.of(framework)
    places = {p for node in source.nodes() if isinstance(node, ast.Call) for p in places_of(node)}
    assert places, "it takes no setting"
    assert list(own_complaints(source)) == []


DECLARED = """
SETTINGS = Own(places={"worker": {}, "task": {}}, on={}, known=set())
SETTINGS.of(spec, "worker", BROKER)
SETTINGS.read(spec, worker=live, task=live, broker=live)
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("task=live, ", "", ["settings of task are not read back"]),
        ('"worker", BROKER', '"work"', ["work is no place of settings"]),
        ("on={}, ", "", ["broker is no place of settings"]),
    ],
)
def test_a_place_that_is_not_read_back_is_named(old: str, new: str, said: list[str]) -> None:
    assert list(own_complaints(Source({"__init__": DECLARED}))) == []
    assert list(own_complaints(Source({"__init__": DECLARED.replace(old, new)}))) == said
