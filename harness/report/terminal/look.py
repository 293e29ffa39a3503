"""One look: the answer on the terminal, as the first screen of the page has it."""

from collections.abc import Iterator, Sequence

from rich.markup import escape
from rich.table import Table

from harness.cli.numbers import number
from harness.report.answer.estimates import Estimate, Void
from harness.report.answer.ranking import Ranking
from harness.report.answer.sentences import behind, beside_floor, ends, kind, said, spread
from harness.report.answer.table import Answer, ArmAnswers, rows_of
from harness.report.terminal.bar import bar

MOST_ARMS, MOST_ROWS = 10, 20  # of a question, and of the table of all
MOST_NAMES = 3  # of those without a figure
BAR = 16  # characters
BRACKET = {"": " ", "first": "┐", "middle": "│", "last": "┘"}  # around arms that are alike


def look(
    rankings: Sequence[Ranking], killed: Sequence[Ranking] = (), most: int = MOST_ARMS
) -> Iterator[Table | str]:
    """A table a question with the ``most`` best, one of all, and of what kills cost, where there
    are many arms, then a sentence each.
    """
    for ranking in rankings:
        yield heading(ranking)
        yield table(ranking, most)
        yield from more(len(ranking.estimates) - most)
        yield from map(void_line, ranking.voids)
    if rankings:
        yield ""
    if rows := rows_of([*rankings, *killed]):
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


def table(ranking: Ranking, most: int) -> Table:
    # the padding keeps a name that is wrapped indented
    made = Table(box=None, show_header=False, padding=(0, 0, 0, 2))
    made.add_column(overflow="fold")  # a long name is wrapped where the terminal is narrow
    made.add_column(justify="right", no_wrap=True)
    made.add_column(no_wrap=True, min_width=BAR)
    made.add_column(justify="right", no_wrap=True)
    made.add_column(justify="right", no_wrap=True)
    made.add_column(no_wrap=True)
    made.add_column(style="dim", no_wrap=alike(ranking))
    longest = max(one.value for one in ranking.estimates)
    for place, one in enumerate(ranking.estimates[:most]):
        made.add_row(*line(ranking, place, one, longest))
    return made


def of_all(rankings: Sequence[Ranking], rows: Sequence[ArmAnswers]) -> Table:
    """A line an arm; beside a figure how many times the floor's it is, where any arm has that."""
    made = Table(box=None, header_style="dim")
    made.add_column("arm", no_wrap=True)
    floored = [any(row.cells[place].floor for row in rows) for place in range(len(rankings))]
    for ranking, beside in zip(rankings, floored, strict=True):
        made.add_column(ranking.title, justify="right")
        if beside:
            made.add_column("× floor", justify="right", style="dim")
    for row in rows:
        cells = zip(row.cells, floored, strict=True)
        made.add_row(escape(row.label), *(text for each in cells for text in shown(*each)))
    return made


def shown(cell: Answer, beside: bool) -> list[str]:
    """The texts of its columns: one, or two where the floor is beside it."""
    text = f"[bold]{cell.text}[/]" if cell.best else cell.text
    return [text, cell.floor] if beside else [text]


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


def line(ranking: Ranking, place: int, one: Estimate, longest: float) -> tuple[str, ...]:
    drawn = bar(one.value / longest, BAR) if longest > 0 else ""
    return (
        escape(one.label),
        f"[bold]{number(one.value)}[/]",
        f"[cyan]{drawn}[/]",
        behind(ranking, one),
        beside_floor(one),
        "".join(BRACKET[part] for part in ranking.brackets(place)),
        ends(one) if alike(ranking) else spread(one),
    )


def void_line(void: Void) -> str:
    """Those without a figure, and why, once."""
    names = list(void.labels[:MOST_NAMES])
    rest = len(void.labels) - len(names)
    more = f" and {rest} more" if rest else ""
    reason = f": {void.reason}" if void.reason else ""
    return f"  [yellow]{void.why}[/] {escape(', '.join(names) + more + reason)}"
