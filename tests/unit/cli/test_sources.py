"""Packages from elsewhere as they are typed, and how they are called."""

from pathlib import Path

import pytest

from harness.cli.arms import Defaults, check_arms, parse_arm
from harness.cli.matrix import Cell, Matrix
from harness.cli.sources import Source, anchored, is_source, parse_source
from harness.commands import COMMANDS
from harness.commands.comparison import chosen
from infrastructure.errors import UsageError

COMMIT = "1a2b3c4d5e6f70819293a4b5c6d7e8f901234567"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("celery@path:/t", Source("celery", "path", "/t")),
        ("celery@git:/t#main", Source("celery", "git", "/t", "main")),
        ("celery@git:/t", Source("celery", "git", "/t")),
        ("celery@git+file:///t#v1", Source("celery", "git", "/t", "v1")),
        ("celery@git+https://h/c#v1", Source("celery", "git", "https://h/c", "v1")),
        ("celery@wheel:/d/x.whl", Source("celery", "wheel", "/d/x.whl")),
        ("kombu==5.4.0", Source("kombu", "version", "5.4.0")),
    ],
)
def test_a_source_says_where_a_package_comes_from(text: str, source: Source) -> None:
    assert parse_source(text) == source


@pytest.mark.parametrize("text", ["kombu", "kombu@", "kombu@path:", "kombu@svn:x", "k@git:x#-x"])
def test_what_is_no_source_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="NAME@path:FOLDER"):
        parse_source(text)


def test_a_variant_is_no_source() -> None:
    assert not is_source("celery@threads")
    assert is_source("celery@git+https://h/c")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (Source("c", "git", "/t", "main", COMMIT), "main@1a2b3c4d5e"),
        (Source("c", "git", "/t", COMMIT, COMMIT), "1a2b3c4d5e"),
        (Source("c", "path", "/t", commit=COMMIT), "path@1a2b3c4d5e"),
        (Source("c", "path", "/t", "", COMMIT, "9f8e7d6c5b"), "path@1a2b3c4d5e+dirty.9f8e7d6c"),
        (Source("c", "path", "/t", digest="9f8e7d6c5b"), "path@tree.9f8e7d6c"),
        (Source("c", "wheel", "/c-5.8.0-py3-x.whl", digest="9f8e7d6c5"), "5.8.0+wheel.9f8e7d6c"),
        (Source("c", "version", "5.4.0"), "5.4.0"),
    ],
)
def test_its_name_says_the_commit_and_whether_it_is_dirty(source: Source, name: str) -> None:
    assert source.name == name


def test_places_are_seen_from_where_somebody_stands(tmp_path: Path) -> None:
    (tmp_path / "clone").mkdir()
    words = ["c@path:.", "c@git:main", "c@git:clone", "c@git:clone#v1,with=k@wheel:d/k.whl"]
    words += ["--adapter", "mine.py", "--workload=w.py", "celery@threads"]
    assert anchored(words, tmp_path) == [
        f"c@path:{tmp_path}",
        f"c@git:{tmp_path}#main",
        f"c@git:{tmp_path}/clone",
        f"c@git:{tmp_path}/clone#v1,with=k@wheel:{tmp_path}/d/k.whl",
        "--adapter",
        f"{tmp_path}/mine.py",
        f"--workload={tmp_path}/w.py",
        "celery@threads",
    ]


DEFAULTS = Defaults("3.12", None, "matched")


def test_an_arm_may_come_from_a_tree_with_packages_beside_it(matrix: Matrix) -> None:
    arm = parse_arm("celery@path:/t,with=kombu@path:/k,set=a=1,variant=threads", matrix, DEFAULTS)
    assert [(s.package, s.place) for s in arm.sources] == [("kombu", "/k"), ("celery", "/t")]
    assert (arm.settings, arm.variant) == (("a=1",), "threads")
    assert arm.label([]) == "celery path:/t with kombu path:/k@threads a=1"
    assert Cell.read(arm.cell.line()) == arm.cell


def test_a_package_of_one_arm_comes_before_that_of_all(matrix: Matrix) -> None:
    defaults = Defaults("3.12", None, "matched", ["kombu==5.4.0"], ["a=1"])
    assert parse_arm("celery", matrix, defaults).label([]).endswith(" with kombu 5.4.0 a=1")
    own = parse_arm("celery,with=kombu==5.3.0", matrix, defaults)
    assert [s.place for s in own.sources] == ["5.3.0"]


def test_where_an_arm_comes_from_is_its_version(matrix: Matrix) -> None:
    arms = [parse_arm(t, matrix, DEFAULTS) for t in ("celery", "celery@path:/t", "celery,set=a=1")]
    assert check_arms(arms[:2], [], aa=False) == ["version"]
    assert check_arms(arms[::2], [], aa=False) == ["settings"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("raw@path:/t", "part of this project"), ("celery,set=a", "KEY=VALUE, found 'a'")],
)
def test_what_cannot_be_had_is_refused(matrix: Matrix, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_arm(text, matrix, DEFAULTS)


@pytest.mark.parametrize(
    ("words", "scenarios"),
    [
        (["celery", "dramatiq"], ["usual"]),
        (["celery", "celery@path:/t"], ["throughput"]),
        (["celery", "celery@path:/t", "--scenario", "latency"], ["latency"]),
        (["celery", "celery@path:/t", "--workload", "w.py"], []),
    ],
)
def test_code_that_is_being_written_is_asked_what_takes_minutes(
    matrix: Matrix, words: list[str], scenarios: list[str]
) -> None:
    options = COMMANDS["compare"].parser(matrix).parse(words)
    arms = [parse_arm(word, matrix, DEFAULTS) for word in words[:2]]
    assert list(chosen(options, arms, ["usual"])) == scenarios
