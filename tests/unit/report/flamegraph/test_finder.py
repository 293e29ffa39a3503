"""From what a person types to the passes that are meant."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.report.flamegraph.finder import Finder
from harness.report.flamegraph.page import read
from harness.store.database import open_database
from infrastructure.errors import BenchError, UsageError
from tests.made.flames import Known
from tests.made.rows import Rows
from tests.typed import typed

NEWEST = {"alpha": "2.0"}


@pytest.fixture
def finder(known: Known) -> Iterator[Callable[..., Finder]]:
    with open_database(known.database, read_only=True) as connection:
        yield lambda tool=None: Finder(connection, NEWEST, tool)


@pytest.mark.parametrize(
    "word",
    [
        "1.0 py-spy",
        "1.0 memray",
        "1.0 measure",
        "alpha==1.0",
        "alpha==1.0,python=3.12",
        "alpha==1.0,profile=matched,scenario=throughput",
    ],
)
def test_trials_and_arms_mean_their_passes(
    word: str, known: Known, finder: Callable[..., Finder]
) -> None:
    found = finder().one(known.trials.get(word, word))
    assert found.passes == {t: known.trials[f"1.0 {t}"] for t in ("py-spy", "memray")}


def test_a_bare_arm_is_the_newest_version(finder: Callable[..., Finder]) -> None:
    base, head = finder().two("alpha==1.0", "alpha")
    assert (base.label, head.label) == ("alpha 1.0", "alpha 2.0")


def refusal(asked: Callable[[], object]) -> str:
    with pytest.raises(UsageError) as refused:
        asked()
    assert refused.value.exit_code == 2
    return str(refused.value)


def test_a_trial_without_profiles_says_which_have_some(
    known: Known, finder: Callable[..., Finder]
) -> None:
    said = refusal(lambda: finder().one(known.trials["compared"]))
    assert "(measure, alpha 1.0, throughput) has no profile by py-spy or memray" in said
    assert "alpha 1.0, python 3.12.1, broker redis, profile matched, throughput: " in said
    assert f"{known.trials['1.0 py-spy']} (py-spy)" in said
    assert "\nType: nox -s flamegraph -- " in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["alpah"], "did you mean 'alpha=="),
        (["alpha==3.0"], "neither a trial of this database nor an arm with a profile"),
        (["alpha,pyton=3.12"], "unknown setting 'pyton': did you mean 'python'?"),
        (["alpha,profile=tuned"], "neither a trial"),
        (["alpha", "alpha"], "mean the same passes"),
        (["alpha", "beta==1.0"], "under throughput, 'beta==1.0' under latency at load 0.5"),
    ],
)
def test_wrong_words_are_refused(
    words: list[str], said: str, finder: Callable[..., Finder]
) -> None:
    asked = finder().two if len(words) == 2 else finder().one
    assert said in refusal(lambda: asked(*words))


def test_tools_that_looked_at_one_side_only_are_refused(database: Path) -> None:
    with open_database(database) as connection:
        rows = Rows(connection)
        for name, tool in (("a", "py-spy"), ("b", "memray")):
            rows.experiment(name)
            rows.stacks(rows.trial(name, name, purpose=tool), tool, {"main (m.py:1)": 1})
        finder = Finder(connection, {}, None)
        assert "no tool looked at both" in refusal(lambda: finder.two("a==1.0", "b==1.0"))
        finder = Finder(connection, {}, "memray")
        assert "with a profile by memray" in refusal(lambda: finder.one("a==1.0"))


def test_a_database_without_profiles_says_what_to_type(database: Path) -> None:
    with open_database(database):
        pass
    with pytest.raises(BenchError, match="without --no-profilers leaves some"):
        read(database, ["alpha"], NEWEST, None)


@pytest.mark.parametrize("words", [[], ["a", "b", "c"]])
def test_one_or_two_words_are_taken(words: list[str]) -> None:
    said = refusal(lambda: typed("flamegraph", words))
    assert f"found {len(words)}: nox -s flamegraph -- " in said
    assert "did you mean 'py-spy'?" in refusal(lambda: typed("flamegraph", ["--tool", "pyspy"]))
