"""A slow-down that was planted in a small repository is found at its commit.

Cells are built of the commits; the figures of a comparison are made of what its cells hold.
"""

import json
import math
import subprocess
from pathlib import Path

import numpy as np
import pytest

from harness.cli import bisect as module
from harness.cli.bisect import bisect, kept
from harness.cli.exits import Exit
from harness.cli.matrix import Matrix
from harness.cli.start import Typed
from harness.commands import COMMANDS
from infrastructure.errors import UsageError
from tests.integration.cli.test_replaced import small
from tests.made.repositories import commit, git, repository

__all__ = ["small"]
COMMITS = 8


def planted(folder: Path, place: int) -> list[str]:
    """A repository of so many commits, the module 7 % dearer from one on; some change no code."""
    repository(folder)
    for number in range(1, COMMITS):
        cost = 1.07 if number >= place else 1.0
        commit(folder, f"COST = {cost}\nNUMBER = {number - number % 2}\n")
    return git(folder, "rev-list", "--reverse", "HEAD").split()


class Harness:
    """Stands for the comparison: reads what the cells hold, and scatters by 2 %."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.calls: list[tuple[str, ...]] = []

    def run(self, _matrix: Matrix, *words: str) -> int:
        self.calls.append(words)
        cells = [words[n + 4] for n, word in enumerate(words) if word == "--cell"]
        code = "import fancy; print(fancy.COST)"
        costs = [
            float(subprocess.run([c, "-c", code], check=True, capture_output=True).stdout)
            for c in cells
        ]
        blocks = int(words[words.index("--blocks") + 1])
        logs = self.rng.normal(math.log(costs[0] / costs[1]), 0.02, blocks)
        error = 2.45 * logs.std(ddof=1) / math.sqrt(blocks)
        low, high = (math.exp(logs.mean() + sign * error) for sign in (-1, 1))
        kind = "slower" if high < 1 else "inconclusive"
        row = {"metric": "drain_rate", "kind": kind, "ratio": math.exp(logs.mean())}
        document = {"verdicts": [row | {"low": low, "high": high}]}
        out = Path(words[words.index("--out") + 1])
        (out / "verdicts.json").write_text(json.dumps(document))
        return Exit.FOUND if kind == "slower" else Exit.FINE


def found_in(
    tree: Path, small: Matrix, monkeypatch: pytest.MonkeyPatch, harness: Harness, *more: str
) -> int:
    monkeypatch.setattr(module, "run_harness", harness.run)
    first = git(tree, "rev-list", "--max-parents=0", "HEAD")
    words = [f"fancy@git:{tree}", "--between", first, "main", *more]
    typed = Typed(COMMANDS["regress"], words, small)
    return bisect(typed, COMMANDS["compare"])


def test_a_planted_slow_down_is_found_in_nine_of_ten_runs(
    small: Matrix,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    commits = planted(tmp_path / "tree", 5)
    answer = f"The step of {COMMITS - 1} commits is {commits[5][:10]}"
    found = 0
    for seed in range(10):
        harness = Harness(seed)
        code = found_in(tmp_path / "tree", small, monkeypatch, harness, "--quick")
        said = capsys.readouterr().out
        assert (answer in said) == (code == Exit.FOUND), said
        assert code != Exit.FOUND or " of drain_rate, 95 % interval " in said
        assert code in {Exit.FOUND, Exit.NO_VERDICT}
        found += code == Exit.FOUND
        for call in harness.calls:
            assert call[0] == "compare"
            assert {"--quick", "--scenario", "throughput"} <= set(call)
            assert not {"--between", "regress", "--metric"} & set(call)
    assert found >= 9


def test_a_repository_without_a_step_ends_with_0(
    small: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(tmp_path / "tree", COMMITS)
    harness = Harness(1)
    assert found_in(tmp_path / "tree", small, monkeypatch, harness) == Exit.FINE
    assert [call[call.index("--blocks") + 1] for call in harness.calls] == ["7", "14"]


def test_what_has_no_way_between_is_refused(
    small: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = repository(tmp_path / "tree")
    for words, said in (
        (["fancy", "--between", "a", "b"], "fancy"),
        ([f"fancy@path:{tree}", "--between", "a", "b"], "FRAMEWORK@git:FOLDER"),
        ([f"fancy@git:{tree}", "--between", "a", "b", "--last", "2"], "leave versions"),
    ):
        with pytest.raises(UsageError, match=said):
            COMMANDS["regress"].parse(words, small)
    with pytest.raises(UsageError, match="is no ancestor of"):
        found_in(tree, small, monkeypatch, Harness(1))


def test_only_words_that_a_comparison_knows_are_passed_on() -> None:
    words = [
        "f@git:/t",
        "--between",
        "a",
        "b",
        "--quick",
        "--blocks=9",
        "--metric",
        "x",
        "--db",
        "d",
    ]
    assert kept(words, "f@git:/t") == ["--quick", "--db", "d"]
