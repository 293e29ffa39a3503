"""One look: the answer on the terminal, as the first screen of the page has it."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from harness.cli.numbers import number
from harness.report.answer.estimates import Estimate, Void
from harness.report.answer.ranking import Ranking
from harness.report.answer.sentences import behind, beside_floor, ends, kind, said
from harness.report.answer.table import AnswerCell, AnswerRow, rows_of
from harness.report.terminal.bar import LEAST, Bar
from harness.report.terminal.groups import Column, InGroups

MOST_ARMS, MOST_ROWS = 10, 20  # of a question, and of the table of all
MOST_NAMES = 3  # of those without a figure
BAR = 16  # characters of the longest
LONG = 36  # characters of a name that may be wrapped
BRACKET = {"": " ", "first": "┐", "middle": "│", "last": "┘"}  # around arms that are alike


def look(
    rankings: Sequence[Ranking], killed: Sequence[Ranking] = (), most: int = MOST_ARMS
) -> Iterator[RenderableType]:
    """A table a question with the ``most`` best, one of all, and of what kills cost, where there
    are many arms, then a sentence each.
    """
    rows = rows_of([*rankings, *killed])
    for ranking in rankings:
        yield heading(ranking)
        yield table(ranking, most, floor=not rows)
        if not alike(ranking):
            yield f"  [dim]{'; '.join(notes(ranking.estimates))}[/]"
        yield from more(len(ranking.estimates) - most)
        yield from map(void_line, ranking.voids)
    if rankings:
        yield ""
    if rows:
        yield of_all([*rankings, *killed], rows[: max(most, MOST_ROWS)])
        yield from more(len(rows) - max(most, MOST_ROWS))
        yield ""
    for ranking in rankings:
        told = said(ranking)
        style = "green" if told.sure else "dim"
        yield f"[bold]{escape(told.sentence)}[/] [{style}]({escape(told.how)})[/]"


def more(left: int) -> Iterator[str]:
    """Those that are not shown, if there are any."""
    if left > 0:
        yield f"  [dim]… and {left} more[/]"


def table(ranking: Ranking, most: int, *, floor: bool) -> Table:
    """``floor``: with how many times the floor's each is, which otherwise the table of all has."""
    # the padding keeps a name that is wrapped indented
    made = Table(box=None, show_header=False, padding=(0, 0, 0, 2))
    long = any(len(one.label) > LONG for one in ranking.estimates[:most])
    made.add_column(overflow="fold", no_wrap=not long)  # a bar is cut before a name
    made.add_column(justify="right", no_wrap=True)
    made.add_column(min_width=LEAST)
    made.add_column(justify="right", no_wrap=True)
    if floor:
        made.add_column(justify="right", no_wrap=True)
    made.add_column(no_wrap=True)
    made.add_column(style="dim", no_wrap=True)
    longest = max(one.value for one in ranking.estimates)
    for place, one in enumerate(ranking.estimates[:most]):
        beside = [beside_floor(one)] if floor else []
        made.add_row(*bar_of(ranking, one, longest), *beside, *interval_of(ranking, place, one))
    return made


def of_all(rankings: Sequence[Ranking], rows: Sequence[AnswerRow]) -> InGroups:
    """A line an arm; beside a figure how many times the floor's it is, where any arm has that."""
    cells = [[row.cells[place] for row in rows] for place in range(len(rankings))]
    arms = Column("arm", [escape(row.label) for row in rows])
    return InGroups(arms, [columns(r, own) for r, own in zip(rankings, cells, strict=True)])


def columns(ranking: Ranking, cells: Sequence[AnswerCell]) -> list[Column]:
    """One, or two where the floor is beside it."""
    figures = [f"[bold]{cell.text}[/]" if cell.best else cell.text for cell in cells]
    found = [Column(ranking.title, figures)]
    if any(cell.floor for cell in cells):
        found.append(Column("× floor", [cell.floor for cell in cells], "dim"))
    return found


def alike(ranking: Ranking) -> bool:
    """Whether all intervals are of one kind: then the heading says which."""
    return len({kind(one) for one in ranking.estimates}) == 1


def heading(ranking: Ranking) -> str:
    """The metric, which way is better, the load, and what the intervals are."""
    words = [ranking.question.direction, ranking.point]
    offered = ranking.estimates[0].offered
    if offered is not None and ranking.equal:
        words[1] = f"at {number(offered)} tasks/s for all"
    elif not ranking.equal:
        words = [f"each arm at {ranking.point} of its own capacity: do not compare"]
    if alike(ranking):
        words.append(kind(ranking.estimates[0]))
    about = ", ".join(filter(None, words))
    return f"[bold]{escape(ranking.title)}[/] [dim]({escape(about)})[/]"


def bar_of(ranking: Ranking, one: Estimate, longest: float) -> tuple[str | Bar, ...]:
    """Name, figure, bar, times the best."""
    drawn = Bar(one.value / longest, BAR) if longest > 0 else ""
    return escape(one.label), f"[bold]{number(one.value)}[/]", drawn, behind(ranking, one)


def interval_of(ranking: Ranking, place: int, one: Estimate) -> tuple[str, str]:
    """Its brackets, and its interval, with a mark where they are not all of one kind."""
    brackets = "".join(BRACKET[part] for part in ranking.brackets(place))
    if alike(ranking):
        return brackets, ends(one)
    mark = kinds(ranking.estimates).index(kind(one)) + 1
    return brackets, f"{ends(one)} ({mark})".strip()


def kinds(estimates: Sequence[Estimate]) -> list[str]:
    """What their intervals are, each once."""
    return list(dict.fromkeys(map(kind, estimates)))


def notes(estimates: Sequence[Estimate]) -> Iterator[str]:
    """What the marks beside intervals say."""
    yield from (f"({mark}) {words}" for mark, words in enumerate(kinds(estimates), 1))


def void_line(void: Void) -> str:
    """Those without a figure, and why, once."""
    names = list(void.labels[:MOST_NAMES])
    rest = len(void.labels) - len(names)
    more = f" and {rest} more" if rest else ""
    reason = f": {void.reason}" if void.reason else ""
    return f"  [yellow]{void.why}[/] {escape(', '.join(names) + more + reason)}"
