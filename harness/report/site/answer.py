"""The front page: the answer of the newest survey, or of the latest figures where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from harness.report.answer.lines import ArmLine, kills_said, lines
from harness.report.answer.ranking import Ranking, rankings
from harness.report.answer.sentences import at
from harness.report.page.caveats import caveats
from harness.report.page.first_screen import first_screen
from harness.report.page.select import Selection
from harness.report.page.trade_off import trade_off_panels
from harness.report.render import svgs
from harness.report.site.trials import Behind
from harness.scenario.catalogue import KILLED


@dataclass(frozen=True)
class Answer:
    """What the front page and those of the frameworks say; ``experiment``: the survey that it is
    from, None for the latest figures of every arm.
    """

    found: Selection
    experiment: str | None

    @cached_property
    def rankings(self) -> list[Ranking]:
        return rankings(self.found.facts)

    @cached_property
    def lines(self) -> list[ArmLine]:
        return lines(self.found.arms, self.found.facts, self.rankings)

    @cached_property
    def behind(self) -> Behind:
        return Behind(self.found)

    @property
    def frameworks(self) -> list[str]:
        """In the order of the first question, then the floor."""
        return list(dict.fromkeys(line.arm.framework for line in self.lines))


def columns(ranked: Sequence[Ranking]) -> list[dict[str, str]]:
    """Title, load, which way is better, and the scenario that the figures are from."""
    return [
        {
            "title": each.title,
            "note": at(each.estimates[0]).strip() if each.equal else "each at its own load",
            "better": each.question.direction,
            "scenario": each.question.scenario,
        }
        for each in ranked
    ]


def lanes(answer: Answer) -> dict[int, list[str]]:
    """By arm, which part of a bracket stands beside its first figure."""
    found: dict[int, list[str]] = {line.arm.arm: [] for line in answer.lines}
    for first in answer.rankings[:1]:
        ranking = first.of_frameworks()
        for place, one in enumerate(ranking.estimates):
            found[one.arm] = ranking.brackets(place)
    return found


def front(answer: Answer) -> dict[str, Any]:
    """What the template shows of it."""
    return {
        "first": first_screen(answer.found, answer.rankings),
        "columns": columns(answer.rankings),
        "lanes": lanes(answer),
        "kills": any(line.kill for line in answer.lines),
        "kills_said": kills_said(answer.lines),
        "lines": answer.lines,
        "killed": KILLED,
        "behind": answer.behind,
        "trade_off": svgs(trade_off_panels(answer.rankings)),
        "caveats": caveats(answer.found),
        "experiment": answer.experiment,
    }
