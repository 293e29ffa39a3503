"""docs/series.md: every release of a framework beside a fixed one, and the steps in between."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.cli.numbers import in_words, number
from harness.report.history import History, Released, ReleaseLine, histories, lines
from harness.report.markdown import Behind, linked, nowhere, table
from harness.report.page.columns import of_scenarios
from harness.report.published.grounds import Ground
from harness.report.rows.fetch import fetch_as
from harness.report.rows.grouped import grouped
from harness.report.rows.history import BesideFixed, ConfirmedStep
from harness.report.rows.published import InRelease, NoStep, SeriesRun
from harness.report.tables import FIGURES, make_tables
from harness.report.titles import slug, title
from harness.scenario.catalogue import load_words
from harness.store.database import open_database
from infrastructure.counted import counted, ranging

PAGE = "docs/series.md"
HEAD = """\
# Every release, measured

Which release of a framework made it faster, slower, cheaper or dearer.
"""
HOW = """\
## How a release is measured

Every release that runs on Python 3.12 drains backlogs beside the same fixed release: both are up
and take turns of a quarter of a second, so a noisy machine disturbs them alike. A figure is the
release over the fixed one, with a 95 % interval by the scatter of all releases. The fixed one is
beside itself, too, which shows what chance does. Of CPU per task less is better.

Where two neighbours seem to differ, new blocks compare the two directly. What these establish is
called a step: a difference beyond 5 %, of CPU 3 %, with all comparisons of the framework considered
together (Holm). Its factor and 95 % interval are those of the new blocks. Packages beside the
framework are those of its newest lock, or of the release's own day where it does not run with
these, so a step may be a dependency's. `nox -s series` names the packages that differ.

[results/series](../results/README.md) has every trial.
"""


@dataclass(frozen=True)
class OfFramework:
    """The newest series of a framework."""

    run: SeriesRun
    histories: Sequence[History]
    no_steps: Sequence[NoStep]
    packages: Sequence[InRelease] = ()

    @property
    def experiments(self) -> list[str]:
        """The series, and those that looked at its steps again."""
        return [self.run.experiment_id, *self.run.fresh]

    @property
    def name(self) -> str:
        return title(self.run.framework)

    @property
    def about(self) -> str:
        """How many releases since when."""
        since = f" since {self.releases[0].day}" if self.releases[0].day else ""
        return f"{counted(len(self.releases), 'release')}{since}"

    @property
    def steps_said(self) -> str:
        """Every step with its factor, or that there is none."""
        if self.steps:
            return f"{'; '.join(map(self.pair_said, grouped(self.steps, versions)))}."
        if not self.looked_at:
            steps = counted(self.run.candidates, "step shows", "steps show")
            return f"{steps}, and new blocks have not compared the neighbours yet."
        return "no step between two releases is established."

    def pair_said(self, steps: Sequence[ConfirmedStep]) -> str:
        """``1.4.1 to 1.5.0: drain rate × 2.00 [1.94, 2.05], workers CPU per task × 0.567 […]``."""
        pair = versions(steps[0])
        names = ", ".join(self.beside(*pair))
        others = f", with other versions of {names}" if names else ""
        said = [f"{in_words(step.metric)} × {factor(step)}" for step in steps]
        return f"{' to '.join(pair)}{others}: {', '.join(said)}"

    def beside(self, before: str, after: str) -> dict[str, str]:
        """The packages that both have in other versions, and from which to which."""
        found = {
            version: {p.name: p.version for p in self.packages if p.framework_version == version}
            for version in (before, after)
        }
        old, new = found[before], found[after]
        both = [name for name in old if name in new and old[name] != new[name]]
        return {name: f"{old[name]} to {new[name]}" for name in both}

    @property
    def looked_at(self) -> bool:
        """Whether new blocks have compared the neighbours of all steps that show."""
        return not self.run.candidates or bool(self.steps or self.no_steps)

    @property
    def steps(self) -> list[ConfirmedStep]:
        """By the release that began them."""
        every = [step for each in self.histories for step in each.steps.values()]
        return sorted(every, key=self.place)

    def place(self, found: ConfirmedStep | NoStep) -> int:
        """Of the release that it is about."""
        order = [release.version for release in self.releases]
        later = versions(found)[1]
        return order.index(later) if later in order else 0

    @property
    def releases(self) -> list[Released]:
        """In order of versions."""
        found = {r.version: r for each in self.histories for r in each.releases}
        return list(found.values())


def read_series(database: Path) -> list[OfFramework]:
    """The newest series of each framework that has a figure."""
    with open_database(database, read_only=True) as connection:
        make_tables(connection, [f"report_{name}" for name in FIGURES])
        asked = {"primary": of_scenarios()["primary"]}
        rows = fetch_as(BesideFixed, connection, "report_history", asked)
        steps = fetch_as(ConfirmedStep, connection, "report_history_steps")
        none = fetch_as(NoStep, connection, "published_unconfirmed")
        packages = fetch_as(InRelease, connection, "published_packages")
        runs = fetch_as(SeriesRun, connection, "published_series")
    known = [of_run(run, histories(rows, steps), none, packages) for run in runs]
    measured = [each for each in known if each.histories]
    return [chosen(own) for own in grouped(measured, lambda each: each.run.framework)]


def chosen(own: Sequence[OfFramework]) -> OfFramework:
    """Of several series the newest whose steps were all looked at again, or else the newest."""
    return next((each for each in own if each.looked_at), own[0])


def of_run(
    run: SeriesRun,
    every: Sequence[History],
    none: Sequence[NoStep],
    packages: Sequence[InRelease],
) -> OfFramework:
    """What is of this series."""
    own = run.experiment_id
    return OfFramework(
        run,
        [each for each in every if each.of.experiment_id == own],
        [each for each in none if each.experiment_id == own],
        [each for each in packages if each.experiment_id == own],
    )


def series_in(database: Path) -> list[str]:
    return experiments_of(read_series(database))


def experiments_of(found: Sequence[OfFramework]) -> list[str]:
    """Those of every series, and those that looked at its steps again."""
    return [name for each in found for name in each.experiments]


def page(
    found: Sequence[OfFramework], grounds: Mapping[str, Ground], behind: Behind = nowhere
) -> str:
    """As it should be. ``grounds``: of each experiment."""
    sections = [section(each, grounds, behind) for each in found]
    leads = [said(each, f"#{slug(each.name)}") for each in found]
    return "\n".join([HEAD, *leads, "", HOW, *sections])


def block(found: Sequence[OfFramework]) -> str:
    """What README says of them, in a paragraph: every step."""
    if not found:
        return ""
    steps = [f"{each.name} {each.steps_said.rstrip('.')}" for each in found if each.steps]
    none = [each.name for each in found if each.looked_at and not each.steps]
    open_ = [each.name for each in found if not each.looked_at]
    head = f"**[Every release, measured]({PAGE})**, and the steps that new blocks establish:"
    rest = f" None in {', '.join(none)}." if none and steps else ""
    rest += f" Not looked at again yet: {', '.join(open_)}." if open_ else ""
    return f"{head} {'; '.join(steps) or 'none'}.{rest}\n"


def said(found: OfFramework, address: str = "") -> str:
    """``- AsyncTasQ, 6 releases since 2026-01-03: 1.4.1 to 1.5.0 changes …``."""
    return f"- {linked(found.name, address)}, {found.about}: {found.steps_said}"


def versions(step: ConfirmedStep | NoStep) -> tuple[str, str]:
    """Before and after it."""
    return step.baseline.split()[1], step.candidate.split()[1]


def factor(step: ConfirmedStep) -> str:
    return f"{number(step.ratio)} [{number(step.low)}, {number(step.high)}]"


def no_step(found: NoStep) -> str:
    """``enqueue rate (1.02 [1.01, 1.05] times)``."""
    ends = found.ratio, found.low, found.high
    middle, low, high = (number(end) if end is not None else "" for end in ends)
    said = f"{middle} [{low}, {high}] times" if middle else "not enough blocks to tell"
    return f"{in_words(found.metric)} ({said})"


def section(found: OfFramework, grounds: Mapping[str, Ground], behind: Behind) -> str:
    head = [f"## {found.name}\n", f"{found.about}: {found.steps_said}\n"]
    loads = grouped(found.histories, lambda each: (each.of.scenario, each.of.point))
    tables = [of_load(own, behind) for own in loads]
    return "\n".join([*head, *tables, *beside(found), *repeated(found, grounds)])


def of_load(own: Sequence[History], behind: Behind) -> str:
    """A row a release, and one a step between two."""
    of, fixed = own[0].of, own[0].fixed
    metrics = [f"{in_words(each.of.metric)}, times that of {fixed}" for each in own]
    load = load_words((of.scenario, of.point))
    rows = [row for line in lines(own) for row in rows_of(line, behind)]
    return table((f"release, {load}", "released", *metrics), rows)


def rows_of(line: ReleaseLine, behind: Behind) -> Iterator[Sequence[str]]:
    if any(line.steps):
        yield ("**step**", "", *(f"**× {factor(step)}**" if step else "" for step in line.steps))
    yield (line.version, line.day, *(figure(release, behind) for release in line.releases))


def figure(release: Released | None, behind: Behind) -> str:
    if release is None:
        return "–"
    level = release.level
    words = f"{number(level.ratio)} [{number(level.low)}, {number(level.high)}]"
    return linked(words, behind(release.of))


def beside(found: OfFramework) -> Iterator[str]:
    """Packages that may have made a step, what was none, and what could not be measured."""
    for before, after in dict.fromkeys(map(versions, found.steps)):
        if others := found.beside(before, after):
            words = ", ".join(f"{name} {change}" for name, change in others.items())
            yield f"- {before} to {after}, a step that may be of other packages: {words}."
    for pair in grouped(sorted(found.no_steps, key=found.place), versions):
        said = ", ".join(map(no_step, pair))
        yield f"- {' to '.join(versions(pair[0]))}, looked at again: no step in {said}."
    for version, why in {left["version"]: left["why"] for left in found.run.left_out}.items():
        yield f"- Without a figure: {version}, {why}"
    if found.steps or found.no_steps or found.run.left_out:
        yield ""


def repeated(found: OfFramework, grounds: Mapping[str, Ground]) -> Iterator[str]:
    """What measures it again, and what it was measured on."""
    since = f" --since {found.run.since}" if found.run.since else ""
    yield f"Again: `nox -s series -- {found.run.framework}{since}`\n"
    own, *fresh = found.experiments
    blocks = ranging(r.level.blocks for each in found.histories for r in each.releases)
    yield f"{blocks} blocks per release, {grounds[own].words}."
    yield from (f"The steps again: {grounds[each].words}." for each in fresh if each in grounds)
    yield ""
