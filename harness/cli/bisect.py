"""``regress -- FRAMEWORK@git:REPOSITORY --between OLD NEW``: the commit of a step.

Each question is an ordinary comparison, stored as such, of two commits; this asks them one after
the other where cells can be built.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.cli.bisection import SAME, Found, Seen, search
from harness.cli.command import Command
from harness.cli.exits import Exit
from harness.cli.host import run_harness
from harness.cli.replaced import code_digest
from harness.cli.sources import SHORT, parse_source
from harness.cli.start import Typed
from harness.cli.trees import commits_between, subject
from infrastructure.counted import counted
from infrastructure.errors import BenchError, UsageError

SCENARIO = "throughput"  # the one that arms take turns at
BLOCKS = 7  # the fewest that find anything among its three metrics
NOTHING = Seen(different=False)  # what could not be measured says nothing
DIFFERENT = {"faster", "slower", "faster_uncertain", "slower_uncertain"}
OF_REGRESS = {"--between": 2, "--blocks": 1, "--out": 1, "--last": 1, "--confirm": 0, "--metric": 1}


@dataclass(frozen=True)
class Bisect:
    """``words``: those of regress that a comparison takes too. ``blocks`` of a question."""

    typed: Typed
    compare: Command
    place: str  # FRAMEWORK@git:REPOSITORY
    words: Sequence[str]
    metric: str
    blocks: int

    def judge(self, baseline: str, candidate: str, times: int) -> Seen:
        """Set two commits side by side."""
        arms = [f"{self.place}#{commit}" for commit in (baseline, candidate)]
        what = subject(self.repository, candidate)
        print(f"\n{baseline[:SHORT]} against {candidate[:SHORT]} ({what})", flush=True)
        try:
            typed, cells = self.prepared(arms)
        except BenchError as error:
            print(f"this commit cannot be built: {error}")
            return NOTHING
        if len({code_digest(Path(cell).parent.parent) for cell in cells[4::5]}) == 1:
            print("the same code: nothing to measure")
            return SAME
        return self.measured(typed, cells, times * self.blocks)

    @property
    def repository(self) -> str:
        return parse_source(self.place).place

    def prepared(self, arms: Sequence[str]) -> tuple[Typed, list[str]]:
        words = [*arms, *self.words]
        typed = replace(self.typed, command=self.compare, words=words)
        return typed, typed.prepare()

    def measured(self, typed: Typed, cells: Sequence[str], blocks: int) -> Seen:
        with tempfile.TemporaryDirectory(prefix="bench-") as out:
            words = [*cells, *typed.words, "--blocks", str(blocks), "--out", out]
            code = run_harness(typed.matrix, self.compare.name, *words)
            if code == Exit.INTERRUPTED:
                raise KeyboardInterrupt
            said = Path(out) / "verdicts.json"
            if code == Exit.BROKEN or not said.exists():
                return NOTHING
            return read_seen(json.loads(said.read_text()), self.metric)


def read_seen(document: dict[str, list[dict[str, object]]], metric: str) -> Seen:
    """What a comparison of two arms says of a metric, the first of all where none is named."""
    [row, *_] = [v for v in document["verdicts"] if metric in {"", v["metric"]}] or [{}]
    ratio, low, high = (
        None if row.get(name) is None else float(str(row[name]))
        for name in ("ratio", "low", "high")
    )
    return Seen(row.get("kind") in DIFFERENT, ratio, low, high, str(row.get("metric", "")))


def bisect(typed: Typed, compare: Command) -> int:
    """Find the commit and say it; the exit code: 1 named, 0 no difference, 3 cannot tell."""
    options = typed.options
    place = options.framework.partition("#")[0]
    commits = commits_between(parse_source(place).place, *options.between)
    words = kept(typed.words, options.framework)
    if not (options.scenario or options.scenario_file or options.workload):
        words += ["--scenario", SCENARIO]
    asked = Bisect(typed, compare, place, words, options.metric, options.blocks or BLOCKS)
    found = search(commits, asked.judge)
    print(f"\n{sentence(found, asked.repository, len(commits) - 1)}")
    if found.named:
        return Exit.FOUND
    whole = (found.before, found.after) == (commits[0], commits[-1])
    return Exit.FINE if whole and found.seen.ratio and not found.seen.different else Exit.NO_VERDICT


def kept(words: Sequence[str], framework: str) -> list[str]:
    """The words of regress that a comparison takes too."""
    found, waiting = [], list(words)
    while waiting:
        word = waiting.pop(0)
        option = word.partition("=")[0]
        if option in OF_REGRESS:
            del waiting[: OF_REGRESS[option] if option == word else 0]
        elif word != framework:
            found.append(word)
    return found


def sentence(found: Found, repository: str, commits: int) -> str:
    """What is said in the end."""
    before, after = (f"{c[:SHORT]} ({subject(repository, c)})" for c in (found.before, found.after))
    seen = found.seen
    of = f" of {seen.metric}" if seen.metric else ""
    ratio = "" if seen.ratio is None else f": ratio {seen.ratio:.3f}{of}"
    if seen.low is not None and seen.high is not None:
        ratio += f", 95 % interval {seen.low:.3f} to {seen.high:.3f}"
    if found.named:
        return f"The step of {counted(commits, 'commit')} is {after}, against {before}{ratio}."
    return f"{found.reason.capitalize()}: {before} and {after}{ratio}."


def check_between(options: argparse.Namespace) -> None:
    """Raises UsageError where there is no repository here to look for commits in."""
    source = parse_source(options.framework or "")
    if source.kind != "git" or not Path(source.place).is_dir():
        raise UsageError("--between takes FRAMEWORK@git:FOLDER, a repository on this machine")
    if options.versions or options.last or options.confirm:
        raise UsageError("--between names the ends: leave versions, --last and --confirm out")
