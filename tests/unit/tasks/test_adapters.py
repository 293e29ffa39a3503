"""Every adapter offers what ``tasks.adapter.Adapter`` asks, and takes it as it is given."""

import pytest

from harness.cli.matrix import read_matrix
from harness.report.adapters import FRAMEWORKS, Source, read_facts
from tasks.adapter import CAPABILITIES
from tasks.contract import complaints, fact_complaints

MATRIX = read_matrix()
BESIDE = {"__init__.py", "__pycache__", "facts.toml"}


@pytest.mark.parametrize("framework", MATRIX.frameworks)
def test_an_adapter_keeps_the_protocol(framework: str) -> None:
    assert list(complaints(Source.of(framework))) == []


@pytest.mark.parametrize("framework", sorted(set(MATRIX.frameworks) - {"stub"}))
def test_an_adapter_states_its_facts(framework: str) -> None:
    assert list(fact_complaints(Source.of(framework), read_facts()[framework])) == []


def test_no_adapter_is_outside_the_matrix() -> None:
    """Beside an adapter may stand a file of its own, named after it: ``django_settings``."""
    there = {p.stem for p in FRAMEWORKS.iterdir() if p.name not in BESIDE}
    missing = set(MATRIX.frameworks) - there
    more = {n for n in there - set(MATRIX.frameworks) if n.rpartition("_")[0] not in there}
    assert (missing, more) == (set(), set())


# ── Adapters that are none ───────────────────────────────────────────────────────────────────

GOOD = """
MADE = {}

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
        ("MADE = {}", 'GAPS = {"group": "none"}', ["no listen"]),
        ("MADE = {}", 'GAPS = {"events": "none"}', ["no producer has a send_group"]),
        ("MADE = {}", 'refuse(spec, MADE, {"results"})', ["no producer has a call"]),
        ("MADE = {}", 'GIVES = {"results"}\np.refuse(s, G, GIVES)', ["no producer has a call"]),
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


def test_a_group_is_sent_as_everything_else() -> None:
    gaps = GOOD.replace("MADE = {}", 'GAPS = {"events": "none"}')
    more = "    loop_factory = None\n\n    {} send_group(self, first, members): ..."
    good, waits = (
        gaps.replace("    loop_factory = None", more.format(how)) for how in ("async def", "def")
    )
    assert list(complaints(Source({"__init__": good}))) == []
    assert list(complaints(Source({"__init__": waits}))) == [
        "Producer: send_group waits, or does not, unlike AsyncGroups's"
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("async def call(self, seq, kind, arg)", []),
        (
            "def call(self, seq, kind, arg)",
            ["Producer: call waits, or does not, unlike AsyncCaller's"],
        ),
        (
            "async def call(self, seq)",
            ["Producer: call(self, seq), not (self, seq: int, kind: str, arg: Any) -> Any"],
        ),
    ],
)
def test_a_result_is_waited_for_as_everything_else(written: str, said: list[str]) -> None:
    gives = GOOD.replace("MADE = {}", 'refuse(spec, MADE, {"results"})')
    made = gives.replace("    loop_factory = None", f"    loop_factory = None\n    {written}: ...")
    assert list(complaints(Source({"__init__": made}))) == said


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
    source, facts = (
        Source({"__init__": GOOD}),
        {**dict.fromkeys(CAPABILITIES, "no"), "send": "async"},
    )
    assert list(fact_complaints(source, facts)) == []
    assert list(fact_complaints(source, {**facts, "cron": "", "speed": "great"})) == [
        "no fact on cron",
        "speed is no capability",
    ]
    assert list(fact_complaints(source, {**facts, "send": "sync"})) == [
        "Producer is async, which the facts do not say"
    ]
