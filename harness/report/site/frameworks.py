"""A page per framework: its speed and cost, what a kill costs it, what is known of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harness.cli.matrix import read_matrix
from harness.cli.numbers import number
from harness.report.adapters import read_facts
from harness.report.answer.estimates import Estimate
from harness.report.answer.lines import ArmLine
from harness.report.answer.ranking import Ranking
from harness.report.answer.sentences import at, behind, beside_floor, spread
from harness.report.charts.panel import Panel
from harness.report.claims.answers import AnsweredClaim
from harness.report.frameworks_doc import marked
from harness.report.page.findings import findings
from harness.report.page.verdicts import release_panels, version_panels
from harness.report.render import svgs
from harness.report.rows.history import BesideFixed, ConfirmedStep
from harness.report.rows.verdicts import ChangePoint, VersionValue
from harness.report.site.answer import Answer
from harness.report.site.folder import Site
from harness.report.titles import slug, title
from harness.scenario.catalogue import KILLED

SAFETY = ("acknowledgement", "redelivery", "retries")  # facts that stand beside the kill


@dataclass(frozen=True)
class Standing:
    """An arm among those of a ranking; ``own``: its estimate, None where ``why`` says there is
    none; ``placed``: it has a place, as the floor has not.
    """

    ranking: Ranking
    own: Estimate | None
    why: str
    placed: bool

    @property
    def question(self) -> str:
        load = at(self.own) if self.own and self.ranking.equal else ""
        return f"{self.ranking.title}{load}"

    @property
    def figure(self) -> str:
        return number(self.own.value) if self.own else "–"

    @property
    def spread(self) -> str:
        return spread(self.own) if self.own else ""

    @property
    def best(self) -> str:
        """How many times the best's."""
        if self.own is None:
            return ""
        return behind(self.ranking, self.own) or ("best" if self.ranking.equal else "")

    @property
    def floor(self) -> str:
        return beside_floor(self.own) if self.own else ""

    @property
    def place(self) -> str:
        """Which of how many; empty where each had its own load."""
        if not (self.own and self.placed and self.ranking.equal):
            return ""
        known = self.ranking.estimates
        return f"{known.index(self.own) + 1} of {len(known)}"

    @property
    def apart(self) -> list[str]:
        """Those that it cannot be told apart from: they share a bracket with it."""
        return apart(self.own, self.ranking) if self.own else []


@dataclass(frozen=True)
class Series:
    """Versions of frameworks against each other, and releases, each beside a fixed one."""

    values: Sequence[VersionValue]
    changes: Sequence[ChangePoint]
    releases: Sequence[BesideFixed]
    steps: Sequence[ConfirmedStep]

    def panels(self, framework: str) -> list[Panel]:
        """Of the framework: releases first, they go further back."""
        released = [row for row in self.releases if row.framework == framework]
        own = [row for row in self.values if row.name.split()[0] == framework]
        return [*release_panels(released, self.steps), *version_panels(own, self.changes)]


def standings(line: ArmLine, ranked: Sequence[Ranking]) -> list[Standing]:
    """A question each."""
    return [standing(line, each, cell.why) for each, cell in zip(ranked, line.cells, strict=True)]


def standing(line: ArmLine, every: Ranking, why: str) -> Standing:
    """Among frameworks; the floor's among all arms."""
    ranking = every if line.is_floor else every.of_frameworks()
    own = next((one for one in ranking.estimates if one.arm == line.arm.arm), None)
    return Standing(ranking, own, "" if own else why or "not measured", placed=not line.is_floor)


def apart(own: Estimate, ranking: Ranking) -> list[str]:
    index = ranking.estimates.index(own)
    near = {
        place
        for tie in ranking.ties
        if tie.first <= index <= tie.last
        for place in range(tie.first, tie.last + 1)
    }
    return [ranking.estimates[place].label for place in sorted(near - {index})]


def capabilities(framework: str) -> dict[str, str]:
    """What it can do by itself, as docs/frameworks.md has it; none for one of a user's own."""
    facts = read_facts().get(framework)
    return {} if facts is None else {**marked(framework, facts), "licence": facts["licence"]}


def known(framework: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Chapters of docs/findings.md about it, each headline with its anchor."""
    for chapter in findings([framework]):
        yield chapter.chapter, [(line, slug(line)) for line in chapter.headlines]


def about(framework: str, answered: Sequence[AnsweredClaim]) -> list[AnsweredClaim]:
    """The claims that an arm of it was measured for."""
    return [
        each
        for each in answered
        if any(arm and arm.framework == framework for answer in each.answers for arm in answer.arms)
    ]


def values(
    answer: Answer, framework: str, series: Series, answered: Sequence[AnsweredClaim]
) -> dict[str, Any]:
    """What the template shows of it."""
    own = [line for line in answer.lines if line.arm.framework == framework]
    facts = capabilities(framework)
    matrix = read_matrix().frameworks
    numbers = {line.arm.arm for line in own}
    return {
        "name": framework,
        "title": title(framework),
        "lines": [(line, standings(line, answer.rankings)) for line in own],
        "killed": KILLED,
        "behind": answer.behind,
        "safety": {name: facts[name] for name in SAFETY if name in facts},
        "facts": {name: fact for name, fact in facts.items() if name not in SAFETY},
        "pinned": matrix.get(framework),
        "findings": list(known(framework)),
        "series": svgs(series.panels(framework)),
        "released": any(row.framework == framework for row in series.releases),
        "claims": about(framework, answered),
        "effective": [row for row in answer.found.effective if row.arm in numbers],
        "frameworks": answer.frameworks,
        "titles": title,
    }


def write_frameworks(
    site: Site, answer: Answer, series: Series, answered: Sequence[AnsweredClaim]
) -> None:
    """``frameworks/NAME/index.html`` of each that was measured."""
    for framework in answer.frameworks:
        told = values(answer, framework, series, answered)
        site.write(f"frameworks/{framework}/index.html", "framework", told)
