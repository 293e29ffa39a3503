"""A plan is text that names everything, and is refused where it is not one of ours."""

import json

import pytest

from harness.cli.arms import Defaults, parse_arm
from harness.cli.matrix import Matrix
from harness.experiment.cluster.plan import State, Work, in_words, mark_of, new_id
from harness.experiment.comparison.blocks import Block
from harness.experiment.comparison.comparison import Comparison, Pace
from harness.store.vocabulary import Purpose
from infrastructure.errors import UsageError
from infrastructure.redact import KNOWN, keep_secrets, patterns
from tests.unit.experiment.cluster.made import ground


def work_of(comparison: Comparison) -> Work:
    comparison.paces[("throughput", "")] = Pace(0.25, 0.05, [100.0, 50.0])
    comparison.setups[1].fitted = {20_000: 5_000}
    comparison.redo.hopeless = {("latency", "load 0.7")}
    block = Block(3, (1, 0), Purpose.PILOT)
    state = State.of(comparison)
    return Work(new_id(comparison.id, "block-3"), "a", ground(comparison), state, block)


def test_a_plan_arrives_as_it_was_sent(comparison: Comparison) -> None:
    work = work_of(comparison)
    arrived = Work.read(work.text())
    assert arrived == work
    assert isinstance(arrived.block, Block)
    assert arrived.block.purpose is Purpose.PILOT
    anew = Comparison(**{f: getattr(comparison, f) for f in FIELDS}, experiment={}, database=None)  # type: ignore[arg-type]
    assert arrived.state
    arrived.state.into(anew)
    assert (anew.paces, anew.redo.hopeless) == (comparison.paces, comparison.redo.hopeless)
    assert mark_of(work.id) == work.id[-9:]


FIELDS = ("setups", "names", "pairs", "scenarios", "size", "blocks", "max_time_s")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "execute"},
        {"id": "../../etc"},
        {"ground": {"run": "rm"}},
        {"block": {"number": 1}},
        {"state": {"size": {}}},
    ],
    ids=str,
)
def test_what_is_no_plan_of_ours_is_refused(comparison: Comparison, change: dict[str, str]) -> None:
    found = json.loads(work_of(comparison).text())
    with pytest.raises(UsageError, match="no plan of this harness"):
        Work.read(json.dumps(found | change))
    with pytest.raises(UsageError, match="no plan of this harness"):
        Work.read("import os")


def test_a_plan_with_a_secret_is_not_sent(comparison: Comparison) -> None:
    comparison.experiment.options = json.dumps({"set": "broker_password=h4rdly-guessed"})
    work = work_of(comparison)
    assert "h4rdly" in work.text()  # nobody has said that it is one
    keep_secrets(["h4rdly-guessed"])
    try:
        with pytest.raises(UsageError, match="would hold a password"):
            work.text()
    finally:
        KNOWN.discard("h4rdly-guessed")
        patterns.cache_clear()


@pytest.mark.parametrize(
    "arm",
    [
        "celery==5.4.0@threads,python=3.13,broker=rabbitmq",
        "asynctasq,set=concurrency=4,set=name=a b",
        "stub",
    ],
)
def test_a_pinned_arm_is_told_in_words(matrix: Matrix, arm: str) -> None:
    request = parse_arm(arm, matrix, Defaults("3.12", None, "matched"))
    assert parse_arm(in_words(request, matrix), matrix, Defaults("", None, "")) == request


def test_code_of_ones_own_is_not_told(matrix: Matrix) -> None:
    request = parse_arm("celery@path:/tmp", matrix, Defaults("3.12", None, "matched"))
    with pytest.raises(UsageError, match="cannot be told to another machine"):
        in_words(request, matrix)
