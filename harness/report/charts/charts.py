"""Charts of the report: small panels, as SVG for the page (``inline.py``) and as PNG beside it.

A panel is 340 px wide and never scaled, so that its text keeps its size and a phone stacks panels.
Colours are those of Okabe and Ito, told apart by markers too.
"""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import (
    FixedLocator,
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullLocator,
)

Row = dict[str, Any]

WIDTH = 340  # px of a panel
TEXT = 11.5  # px
INK, RULE = "#1b1d20", "#d9dbde"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
MARKERS = ("o", "s", "^", "D", "v", "P")
GLYPHS = ("●", "■", "▲", "◆", "▼", "✚")  # the markers as text
ENDINGS = (".png", ".svg")
ROLES = ("workers", "broker", "producer")
PLAIN = FuncFormatter(lambda value, _: f"{value:,.12g}")
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": TEXT,
    "axes.titlesize": TEXT,
    "axes.labelsize": TEXT,
    "xtick.labelsize": TEXT,
    "ytick.labelsize": TEXT,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.edgecolor": RULE,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": RULE,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True)
class Panel:
    """One small chart: ``draw`` fills the axes; ``title`` stands above, ``words`` say it aloud.

    The page hides it when none of ``some`` is shown, or one of ``every`` is not.
    """

    title: str
    words: str
    height: int  # px
    draw: Callable[[Axes], None]
    note: str = ""  # stands below
    some: tuple[int, ...] = ()  # arms of the page that have marks in it
    every: tuple[int, ...] = ()  # arms of the page that it compares
    scenario: str = ""  # where the page's section does not say
    experiment: str = ""  # that it is of, if of one


@dataclass(frozen=True)
class Spread:
    """What a distribution is of: its name and its axes."""

    name: str
    up: str
    across: str


LATENCY = Spread("Latency", "sojourn time", "share of tasks at most this slow")
LATENESS = Spread("Lateness", "lateness", "share of starts at most this late")


def number(value: float) -> str:
    """Three significant digits (two below 0.1), thousands separated, never in powers of ten."""
    size, value = abs(value), value + 0.0  # no minus before a zero
    if size >= 99.95 or value == 0:
        return f"{value:,.0f}"
    if size >= 0.9995:
        return f"{value:.1f}" if size >= 9.995 else f"{value:.2f}"
    if size >= 0.0001:
        return f"{value:.3f}" if size >= 0.1 else f"{value:.2g}"
    return "< 0.0001" if value > 0 else "> −0.0001"


def colour(arm: int) -> str:
    return COLOURS[(arm - 1) % len(COLOURS)]


def shape(arm: int) -> int:
    """Index of an arm's marker; moves on when colours repeat, so that 36 arms differ."""
    return (arm - 1 + (arm - 1) // len(COLOURS)) % len(MARKERS)


def marker(arm: int) -> str:
    return MARKERS[shape(arm)]


def glyph(arm: int) -> str:
    return GLYPHS[shape(arm)]


def page_arms(row: Row) -> tuple[int, ...]:
    """Arms of the page that a row is of; ``arm`` itself unless that only gives the colour."""
    return tuple(row["page_arms"]) if "page_arms" in row else (row["arm"],)


def arms_of(rows: Iterable[Row]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(arm for row in rows for arm in page_arms(row)))


def mark(
    artists: Iterable[Artist], arms: Sequence[int], words: str = "", *, which: str = "every",
    row: float = -1,
) -> None:  # fmt: skip
    """Say whose the artists are, and what a pointer over them reads; ``inline`` writes both out.

    The page hides them when one of the arms is hidden; with ``which="some"``, when all of them are.
    ``row``, of a chart made of rows: the artists' one from the top, so that the page can close it.
    """
    for artist in artists:
        artist.set_gid(
            f"{which} {' '.join(map(str, arms))}|{row:.0f}|{words.replace(chr(34), '″')}"
        )


def drawing(panels: Sequence[Panel], path: Path, title: str, foot: str) -> None:
    """The panels beside each other on white, at most three in a row; ``foot`` is the last line.
    ``path`` gets the endings ``.png`` and ``.svg``.

    The picture travels without the page, so it carries the panels' notes and the caveat itself.
    """
    columns = min(3, len(panels))
    rows = [panels[i : i + columns] for i in range(0, len(panels), columns)]
    above = [[heading(panel) for panel in row] for row in rows]
    heights = [
        max(p.height + 16 * (t.count("\n") + 1) for p, t in zip(row, titles, strict=True)) + 16
        for row, titles in zip(rows, above, strict=True)
    ]
    with mpl.rc_context(STYLE):
        figure = Figure(
            figsize=(columns * (WIDTH + 16) / 72, (sum(heights) + 64) / 72), layout="constrained"
        )
        figure.suptitle(title, fontsize=TEXT + 2, x=0.01, ha="left")
        figure.supxlabel(foot, fontsize=TEXT, x=0.01, ha="left")
        grid = figure.add_gridspec(len(rows), columns, height_ratios=heights)
        for y, row in enumerate(rows):
            for x, panel in enumerate(row):
                axes = figure.add_subplot(grid[y, x])
                panel.draw(axes)
                axes.set_title(above[y][x], loc="left", pad=8)
        for artist in figure.findobj():
            artist.set_gid(None)  # it stands alone: no page hides its marks, and ids are unique
        for ending in ENDINGS:
            figure.savefig(path.with_suffix(ending), dpi=144, facecolor="white")


def heading(panel: Panel) -> str:
    return "\n".join([panel.title, *wrap(panel.note, 44)])


def steps(low: float, high: float) -> tuple[float, float]:
    """The nearest of … 1, 2, 5, 10, 20, 50 … below and above, for the ends of a log axis."""
    scale = [base * 10.0**power for power in range(-9, 13) for base in (1, 2, 5)]
    below = max((s for s in scale if s <= low), default=scale[0])
    above = min((s for s in scale if s >= high and s > below), default=scale[-1])
    return below, above


def log_axis(axes: Axes, which: str, values: Iterable[float]) -> None:
    """A log axis over positive values, labelled at 1, 2, 5, or at powers of ten if it is long."""
    positive = [v for v in values if v > 0]
    low, high = steps(min(positive, default=0.1), max(positive, default=1.0))
    axis = axes.xaxis if which == "x" else axes.yaxis
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    (axes.set_xlim if which == "x" else axes.set_ylim)(low, high)
    axis.set_major_locator(
        LogLocator(subs=(1, 2, 5) if high / low < (100 if which == "x" else 500) else (1,))
    )
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(PLAIN)


def plain_grid(axes: Axes, which: Literal["both", "x", "y"]) -> None:
    axes.grid(visible=True, axis=which)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, pad=5)


def two_lines(label: str) -> str:
    """A long label after its first part; half of a panel is for what is drawn."""
    first, dot, rest = label.partition(" · ")
    return f"{first}\n{rest}" if dot and len(label) > 22 else label


def label_ends(axes: Axes, ends: list[tuple[float, float, Row]], height: int) -> None:
    """Write each arm's label right of its point (x, y, row), pushed apart where they would overlap.

    The shift is in px from the point; it needs the limits of the axes to be set already. Where
    they would not fit at all, colours and markers have to do: the key names them.
    """
    labels = {row["label"]: two_lines(row["label"]) for *_, row in ends}
    gap = (TEXT + 2.5) * max((label.count("\n") + 1 for label in labels.values()), default=1)
    inner = height - 60
    if gap * len(ends) > inner:
        return
    low, high = axes.transScale.transform([(1, v) for v in axes.get_ylim()])[:, 1]
    last = float("-inf")
    for x, y, row in sorted(ends, key=lambda end: end[1]):
        at = (axes.transScale.transform((x, y))[1] - low) / ((high - low) or 1.0) * inner
        free = last = max(at, last + gap)
        label = axes.annotate(
            labels[row["label"]], (x, y), xytext=(7, free - at), textcoords="offset points",
            va="center", annotation_clip=False,
        )  # fmt: skip
        mark([label], page_arms(row))


def bars(title: str, rows: Sequence[Row], points: Sequence[Row], unit: str) -> Panel:
    """A horizontal bar an arm at its median, a dot a trial over it.

    ``rows`` hold arm, label, median; ``points`` hold arm, value; both in ``unit``.
    """

    def draw(axes: Axes) -> None:
        places = {row["arm"]: -float(i) for i, row in enumerate(rows)}
        bar_rows(axes, rows, points, [places[row["arm"]] for row in rows], places)
        label_rows(axes, dict(zip(places.values(), rows, strict=True)))
        finish_bars(axes, rows, points, unit)
        axes.set_ylim(-len(rows) + 0.4, 0.6)

    said = ", ".join(f"{r['label']} {number(r['median'])} {unit}" for r in rows)
    return Panel(title, f"{title}, median: {said}", 56 + 36 * len(rows), draw, some=arms_of(rows))


def label_rows(axes: Axes, rows: dict[float, Row]) -> None:
    """Each row's label at its height."""
    axes.set_yticks(list(rows), [two_lines(row["label"]) for row in rows.values()])
    for text, (y, row) in zip(axes.get_yticklabels(), rows.items(), strict=True):
        mark([text], page_arms(row), row=-y)


def bar_rows(
    axes: Axes,
    rows: Sequence[Row],
    points: Sequence[Row],
    heights: Sequence[float],
    places: dict[int, float],
) -> None:
    """A bar a row, its line and figure, and a dot a trial: one mark where there is one trial."""
    for row, y in zip(rows, heights, strict=True):
        shade, arms, unit = colour(row["arm"]), page_arms(row), row["unit"]
        own = [p for p in points if places.get(p["arm"]) == y]
        bar = axes.barh(
            y, row["median"], height=0.56, color=shade, alpha=0.3, linewidth=0,
            zorder=2,  # as lines and figure: what is drawn in turn can be one group
        )  # fmt: skip
        line = axes.plot([row["median"]] * 2, [y - 0.28, y + 0.28], color=shade, linewidth=2)
        end = max([row["median"], *(p["value"] for p in own)])
        figure = axes.annotate(
            number(row["median"]), (end, y), xytext=(7, 0), textcoords="offset points", va="center",
            zorder=2,
        )  # fmt: skip
        name = ", ".join(filter(None, [row["label"], row.get("group")]))
        median, trial = ("one trial,",) * 2 if len(own) == 1 else ("median", "a trial,")
        said = f"{name}: {median} {number(row['median'])} {unit}"
        mark([*bar, *line, figure], arms, said, row=-y)
        for point in own:
            dot = axes.plot(point["value"], y, marker(row["arm"]), color=shade, markersize=4.5)
            said = f"{name}: {trial} {number(point['value'])} {unit}"
            mark(dot, page_arms(point), said, row=-y)


def finish_bars(axes: Axes, rows: Sequence[Row], points: Sequence[Row], unit: str) -> None:
    """From zero, with room for the figure at the end of the longest bar, and few ticks."""
    longest = max([r["median"] for r in rows] + [p["value"] for p in points])
    axes.set_xlim(0, longest * 1.28 or 1.0)
    crowded = (
        max(len(part) for r in rows for part in two_lines(r["label"]).split("\n")) > 18
    )  # long labels leave little width
    axes.xaxis.set_major_locator(MaxNLocator(2 if crowded else 4))
    axes.xaxis.set_major_formatter(PLAIN)
    axes.set_xlabel(unit)
    plain_grid(axes, "x")
    axes.spines["left"].set_visible(False)


def grouped_bars(title: str, rows: Sequence[Row], points: Sequence[Row], unit: str) -> Panel:
    """``bars`` for every group, in order of appearance; rows and points hold a group too."""
    groups = list(dict.fromkeys(row["group"] for row in rows))
    arms = {row["arm"]: row for row in rows}
    slots = len(arms) + 1.0

    def draw(axes: Axes) -> None:
        ticks: dict[float, Row] = {}
        for index, group in enumerate(groups):
            of_group = [row for row in rows if row["group"] == group]
            places = {arm: -(index * slots + i + 1) for i, arm in enumerate(arms)}
            bar_rows(
                axes,
                of_group,
                [p for p in points if p["group"] == group],
                [places[row["arm"]] for row in of_group],
                places,
            )
            heading = axes.text(
                0, -(index * slots) - 0.58, group, va="bottom", fontweight="bold", fontsize=TEXT
            )
            mark([heading], arms_of(of_group), which="some", row=index * slots)
            rows_of = arms | {row["arm"]: row for row in of_group}
            ticks |= {place: rows_of[arm] for arm, place in places.items()}
        label_rows(axes, ticks)
        finish_bars(axes, rows, points, unit)
        axes.set_ylim(-len(groups) * slots + 0.4, 0.0)

    said = "; ".join(f"{r['label']} {r['group']} {number(r['median'])} {unit}" for r in rows)
    pitch = 32 if any("\n" in two_lines(row["label"]) for row in rows) else 25
    height = int(52 + pitch * slots * len(groups))
    return Panel(title, f"{title}, median: {said}", height, draw, some=arms_of(rows))


def by_load(
    title: str,
    rows: Sequence[Row],
    points: Sequence[Row],
    void: Sequence[Row],
    unit: str,
    *,
    log: bool,
    over: str = "offered load, tasks/s",
    log_x: bool = True,
) -> Panel:
    """A line an arm over its offered loads, or over whatever ``over`` names.

    ``rows`` hold arm, label, point, offered (the place on the axis), median, low, high; ``points``
    hold arm, offered, value; ``void`` holds arm and offered of the loads without a valid trial.
    """
    height = 250

    def draw(axes: Axes) -> None:
        places = [r["offered"] for r in (*rows, *void)]
        if log_x:
            log_axis(axes, "x", places)
        else:
            axes.set_xlim(0, max(places) * 1.1 or 1.0)
            axes.xaxis.set_major_locator(MaxNLocator(5))
            axes.xaxis.set_major_formatter(PLAIN)
        values = [v for r in rows for v in (r["low"], r["high"])]
        if log:
            log_axis(axes, "y", values)
        else:
            axes.set_ylim(0, max(values) * 1.15 or 1.0)
            axes.yaxis.set_major_locator(MaxNLocator(5))
            axes.yaxis.set_major_formatter(PLAIN)
        ends = []
        for arm in dict.fromkeys(r["arm"] for r in (*rows, *void)):
            shade = colour(arm)
            own = [r for r in rows if r["arm"] == arm]
            x, y = [r["offered"] for r in own], [r["median"] for r in own]
            mark(axes.plot(x, y, color=shade, linewidth=1.6), [arm])
            for row in own:
                at, ends_of = [row["offered"]] * 2, [row["low"], row["high"]]
                mark(axes.plot(at, ends_of, color=shade, linewidth=1), [arm])
            for dot in (p for p in points if p["arm"] == arm):
                made = axes.plot(dot["offered"], dot["value"], marker(arm), color=shade,
                                 markersize=5, clip_on=False)  # fmt: skip
                mark(made, [arm], trial_words(dot, unit))
            for row in (r for r in void if r["arm"] == arm):
                made = axes.plot(row["offered"], 0.05, "x", color=shade, markersize=7,
                                 markeredgewidth=1.6,
                                 transform=axes.get_xaxis_transform())  # fmt: skip
                mark(made, [arm], f"{row['label']}, {row['point']}: no valid trial")
            if own:
                ends.append((x[-1], y[-1], own[0]))
        label_ends(axes, ends, height)
        axes.set_xlabel(f"{over} (log)" if log_x else over)
        axes.set_ylabel(f"{unit} (log)" if log else unit)
        plain_grid(axes, "both")

    said = "; ".join(f"{r['label']} at {r['point']}: {number(r['median'])} {unit}" for r in rows)
    shown = arms_of((*rows, *void))
    return Panel(title, f"{title} by {over}, median: {said}", height, draw, some=shown)


def trial_words(row: Row, unit: str) -> str:
    point = f", {row['point']}" if row["point"] else ""
    return f"{row['label']}{point}: a trial, {number(row['value'])} {unit}"


def distribution(
    title: str, rows: Sequence[Row], every: Sequence[Row], what: Spread = LATENCY
) -> Panel:
    """A quantile curve an arm: what (ms) a share of tasks does not exceed.

    ``rows`` hold arm, label, slower (share beyond), trials, median, low, high over trials: the
    range is a band. ``every`` are the rows of all panels: they share their axes, so that they
    compare. What is 0 or less, as the lateness of what came early, runs along the lower edge.
    """
    height = 280

    def draw(axes: Axes) -> None:
        log_axis(axes, "y", [v for r in every for v in (r["low"], r["high"])])
        edge = axes.get_ylim()[0]
        axes.set_xscale("log")
        axes.set_xlim(max(r["slower"] for r in every), min(0.5, *(r["slower"] for r in every)))
        shares = {0.5: "50 %", 0.1: "90 %", 0.01: "99 %", 0.001: "99.9 %", 0.0001: "99.99 %"}
        axes.xaxis.set_major_locator(FixedLocator(list(shares)))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda v, _: shares[min(shares, key=lambda s: abs(s - v))])
        )
        axes.xaxis.set_minor_locator(NullLocator())
        ends = []
        for arm in dict.fromkeys(r["arm"] for r in rows):
            own = [r for r in rows if r["arm"] == arm]
            x = [r["slower"] for r in own]
            y, low, high = ([max(edge, r[n]) for r in own] for n in ("median", "low", "high"))
            if own[0]["trials"] > 1:
                band = axes.fill_between(x, low, high, color=colour(arm), alpha=0.2, linewidth=0)
                mark([band], [arm])
            mark(axes.plot(x, y, color=colour(arm), linewidth=1.8), [arm])
            end = axes.plot(x[-1], y[-1], marker(arm), color=colour(arm), markersize=5,
                            clip_on=False)  # fmt: skip
            mark(end, [arm])
            for row in (r for r in own if r["slower"] in shares):
                unseen = axes.plot(row["slower"], max(edge, row["median"]), "o", color=colour(arm),
                                   alpha=0, markersize=12)  # fmt: skip
                said = f"{shares[row['slower']]} within {number(row['median'])} ms"
                mark(unseen, [arm], f"{row['label']}: {said}")
            ends.append((x[-1], y[-1], own[0]))
        label_ends(axes, ends, height)
        axes.set_xlabel(what.across)
        axes.set_ylabel(f"{what.up}, ms (log)")
        plain_grid(axes, "both")

    at: dict[int, list[Row]] = {}
    for row in rows:
        at.setdefault(row["arm"], []).append(row)
    said = "; ".join(
        f"{own[0]['label']} from {number(own[0]['median'])} ms to {number(own[-1]['median'])} ms "
        f"for the slowest {own[-1]['slower']:.2%}"
        for own in at.values()
    )
    return Panel(
        title, f"{what.name} distribution, {title}: {said}", height, draw, some=arms_of(rows)
    )


def trial_lines(
    axes: Axes, rows: Sequence[Row], across: str, up: str, marks: int
) -> list[tuple[float, float, Row]]:
    """A line a trial, dashed unless it is ok, with about so many markers; where each ends, and its
    row. ``rows`` hold arm, label, trial_id, status and the two that are named.
    """
    ends = []
    for trial in dict.fromkeys(r["trial_id"] for r in rows):
        own = [r for r in rows if r["trial_id"] == trial]
        x, y = [r[across] for r in own], [r[up] for r in own]
        dashes = "-" if own[0]["status"] == "ok" else (0, (4, 2))
        made = axes.plot(x, y, color=colour(own[0]["arm"]), linewidth=1.4, linestyle=dashes,
                         marker=marker(own[0]["arm"]), markersize=3.5,
                         markevery=max(1, len(own) // marks))  # fmt: skip
        words = f"{own[0]['label']}, {own[0]['status']}: up to {number(max(y))}, at the end"
        mark(made, page_arms(own[0]), f"{words} {number(y[-1])}")
        ends.append((x[-1], y[-1], own[0]))
    return ends


def over_load(title: str, what: str, rows: Sequence[Row], column: str, unit: str) -> Panel:
    """``what`` over the time of a load, a line a trial; trials that are not ok are dashed.

    ``rows`` hold arm, label, trial_id, status, second, ``column``, in order of time within a trial.
    """

    def draw(axes: Axes) -> None:
        trial_lines(axes, rows, "second", column, marks=3)
        axes.set_xlim(0, max(r["second"] for r in rows) * 1.03 or 1.0)
        axes.set_ylim(0, max(r[column] for r in rows) * 1.08 or 1.0)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(PLAIN)
        axes.set_xlabel("seconds since the load began")
        axes.set_ylabel(unit)
        plain_grid(axes, "y")

    said = f"{what} over time, {title}, {unit}: {trial_ends(rows, column)}"
    return Panel(title, said, 200, draw, some=arms_of(rows))


def after_fault(title: str, rows: Sequence[Row]) -> Panel:
    """``over_load`` of the tasks completed a second; upright the moment of each trial's fault, and
    at the upper edge that at which it was well again.

    ``rows`` hold rate, fault_s and well_s too, the last two None where nothing says.
    """
    lines = over_load(title, "Tasks completed", rows, "rate", "tasks/s")
    trials = {row["trial_id"]: row for row in rows if row["fault_s"] is not None}.values()

    def draw(axes: Axes) -> None:
        lines.draw(axes)
        for row in trials:
            upright = axes.axvline(row["fault_s"], color=INK, linewidth=1, linestyle=(0, (4, 2)))
            mark([upright], page_arms(row), fault_words(row))
            if row["well_s"] is not None:
                well = axes.plot(row["well_s"], 1, marker(row["arm"]), color=colour(row["arm"]),
                                 markersize=6, clip_on=False,
                                 transform=axes.get_xaxis_transform())  # fmt: skip
                mark(well, page_arms(row), fault_words(row))

    said = "; ".join([lines.words, *map(fault_words, trials)])
    return replace(lines, words=said, draw=draw)


def fault_words(row: Row) -> str:
    fault = f"{row['label']}: fault after {number(row['fault_s'])} s"
    return fault if row["well_s"] is None else f"{fault}, well again at {number(row['well_s'])} s"


def trial_ends(rows: Sequence[Row], column: str) -> str:
    """Of each trial what its line reaches and where it ends, in words."""
    trials: dict[str, list[Row]] = {}
    for row in rows:
        trials.setdefault(row["trial_id"], []).append(row)
    return "; ".join(
        f"{own[0]['label']} up to {number(max(r[column] for r in own))}, "
        f"at the end {number(own[-1][column])}"
        for own in trials.values()
    )


def heat_map(
    title: str, rows: Sequence[Row], unit: str, across: str, down: str, *, higher: bool
) -> Panel:
    """A cell a pair of settings, darker for more, its figure written into it, the best framed: the
    largest where ``higher`` is better, else the smallest.

    ``rows`` hold across, down (whole numbers) and median.
    """
    columns, lines = (sorted({r[name] for r in rows}) for name in ("across", "down"))
    best = (max if higher else min)(rows, key=lambda r: r["median"])

    def draw(axes: Axes) -> None:
        low, high = (end(r["median"] for r in rows) for end in (min, max))
        for row in rows:
            x, y = columns.index(row["across"]), lines.index(row["down"])
            strength = (row["median"] - low) / ((high - low) or 1.0)
            axes.add_patch(
                Rectangle((x - 0.5, y - 0.5), 1, 1, color=COLOURS[0], alpha=0.08 + 0.5 * strength,
                          linewidth=0)
            )  # fmt: skip
            weight = "bold" if row is best else "normal"
            axes.text(x, y, number(row["median"]), ha="center", va="center", fontweight=weight)
        corner = (columns.index(best["across"]) - 0.5, lines.index(best["down"]) - 0.5)
        axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=INK, linewidth=1.6))
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(-0.5, len(lines) - 0.5)
        axes.set_xticks(range(len(columns)), [f"{c:.0f}" for c in columns])
        axes.set_yticks(range(len(lines)), [f"{c:.0f}" for c in lines])
        axes.tick_params(length=0, pad=5)
        axes.set_xlabel(across)
        axes.set_ylabel(down)

    said = "; ".join(
        f"{number(r['across'])} {across} and {number(r['down'])} {down}: {number(r['median'])}"
        for r in rows
    )
    height = 60 + 44 * len(lines)
    return Panel(f"{title}, {unit}", f"{title}, {unit}: {said}", height, draw, some=arms_of(rows))


def over_time(title: str, rows: Sequence[Row], unit: str) -> Panel:
    """A line a trial over the minutes that it has run.

    ``rows`` hold arm, label, trial_id, status, number, value, in order within a trial.
    """
    height = 220

    def draw(axes: Axes) -> None:
        values = [r["value"] for r in rows]
        axes.set_ylim(min(0.0, *values), max(values) * 1.15 or 1.0)
        axes.set_xlim(0, max(r["number"] for r in rows) * 1.03)
        ends = trial_lines(axes, rows, "number", "value", marks=10)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(PLAIN)
        label_ends(axes, ends, height)
        axes.set_xlabel("checkpoint")
        axes.set_ylabel(unit)
        plain_grid(axes, "y")

    said = f"{title} over the checkpoints of a soak, {unit}: {trial_ends(rows, 'value')}"
    return Panel(title, said, height, draw, some=arms_of(rows))


def trend(title: str, unit: str, rows: Sequence[Row], experiments: int) -> Panel:
    """Medians over a machine's experiments, each over the range of its trials; hollow: quick size.
    The axis holds all ``experiments`` of the machine, so that a step stands above the same step.

    ``rows`` hold place (the experiment's, from 1), day, experiment_id, trials, median, low, high.
    Those of an arm hold arm, label, size and conditions too: a line joins the experiments of an arm
    where none of these differs. Others are the machine's own, and all joined.
    """

    def draw(axes: Axes) -> None:
        lines: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            joined = tuple(row.get(name) for name in ("arm", "size", "conditions"))
            lines.setdefault(joined, []).append(row)
        for own in lines.values():
            trend_line(axes, own, unit)
        axes.set_ylim(0, max(r["high"] for r in rows) * 1.15 or 1.0)
        axes.set_xlim(0.5, experiments + 0.5)
        axes.set_xticks(*day_ticks(rows))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(PLAIN)
        axes.set_xlabel("experiments, by the day")
        axes.set_ylabel(unit)
        plain_grid(axes, "y")

    arms = arms_of(row for row in rows if "arm" in row)
    ends = "; ".join(trend_words(row, unit) for row in (rows[0], rows[-1]))
    return Panel(title, f"{title} over {experiments} experiments: {ends}", 200, draw, some=arms)


def trend_line(axes: Axes, own: Sequence[Row], unit: str) -> None:
    """One arm's experiments that may be joined, or the machine's own."""
    arm = own[0].get("arm")
    shade, sign, arms = (INK, ".", ()) if arm is None else (colour(arm), marker(arm), (arm,))
    line = axes.plot(
        [r["place"] for r in own], [r["median"] for r in own], color=shade, linewidth=1.4
    )
    mark(line, arms)
    for row in own:
        range_ = axes.plot([row["place"]] * 2, [row["low"], row["high"]], color=shade, linewidth=1)
        dot = axes.plot(
            row["place"], row["median"], sign, color=shade, markersize=5,
            markerfacecolor="none" if row.get("size") == "quick" else shade,
        )  # fmt: skip
        mark(range_, arms)
        mark(dot, arms, trend_words(row, unit))


def trend_words(row: Row, unit: str) -> str:
    whose = f"{row['label']}, " if "label" in row else ""
    size = ", quick size" if row.get("size") == "quick" else ""
    trials = "1 trial" if row["trials"] == 1 else f"{row['trials']} trials"
    value = f"{number(row['median'])} {unit}".strip()
    return f"{whose}{row['day']}, experiment {row['experiment_id']}: {value} ({trials}{size})"


def day_ticks(rows: Sequence[Row], most: int = 4) -> tuple[list[int], list[str]]:
    """Where on the axis of experiments a day begins, and the day; not more than ``most``."""
    begun: dict[str, int] = {}
    for row in rows:
        begun[row["day"]] = min(row["place"], begun.get(row["day"], row["place"]))
    days = sorted(begun)
    kept = days[:: -(-len(days) // most)]
    return [begun[day] for day in kept], kept


def blocks(title: str, rows: Sequence[Row]) -> Panel:
    """Two arms block by block, a line between the two of a block.

    ``rows`` hold block, arm (1 the baseline, 2 the candidate), baseline, candidate, value, unit,
    and page_arms: both.
    """
    both = arms_of(rows)

    def draw(axes: Axes) -> None:
        for block in dict.fromkeys(r["block"] for r in rows):
            ends = [r["value"] for r in rows if r["block"] == block]
            axes.plot([block, block], [min(ends), max(ends)], color=RULE, linewidth=2)
        for arm in (1, 2):
            own = [r for r in rows if r["arm"] == arm]
            for row in own:
                dot = axes.plot(row["block"], row["value"], marker(arm), color=colour(arm),
                                markersize=5)  # fmt: skip
                name = row["baseline" if arm == 1 else "candidate"]
                value = f"{number(row['value'])} {row['unit']}"
                mark(dot, both, f"{name}, block {row['block']}: {value}")
        axes.set_ylim(0, max(r["value"] for r in rows) * 1.1)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(PLAIN)
        axes.set_xlabel("block")
        axes.set_ylabel(rows[0]["unit"])
        plain_grid(axes, "y")

    names = f"{glyph(1)} {rows[0]['baseline']}, {glyph(2)} {rows[0]['candidate']}"
    higher = paired_higher(rows)
    said = f"{higher[0]} of {higher[1]} blocks have the higher value in {rows[0]['candidate']}"
    return Panel(
        title, f"{title}, block by block: {said}", 190, draw, f"{names}. {said}.", every=both
    )


def paired_higher(rows: Sequence[Row]) -> tuple[int, int]:
    """In how many blocks the candidate's value is the higher one, and how many have both arms."""
    values: dict[int, dict[int, float]] = {}
    for row in rows:
        values.setdefault(row["block"], {})[row["arm"]] = row["value"]
    both = [v for v in values.values() if len(v) == 2]
    return sum(v[2] > v[1] for v in both), len(both)


def series(title: str, rows: Sequence[Row], changes: Sequence[Row]) -> Panel:
    """A metric over versions: a dot a block, a line through the medians, marks at candidates.

    ``rows`` hold arm (place in the series, from 1), page_arms, name, value, unit; ``changes``
    before_arm, page_arms and ratio.
    """
    whose = {r["arm"]: page_arms(r) for r in rows}
    places = dict.fromkeys(r["arm"] for r in rows)
    names = {r["arm"]: str(r["name"]).partition(" ")[2] for r in rows}
    middles = {p: statistics.median(r["value"] for r in rows if r["arm"] == p) for p in places}

    def draw(axes: Axes) -> None:
        for row in rows:
            dot = axes.plot(row["arm"], row["value"], ".", color=colour(1), alpha=0.35,
                            markersize=6)  # fmt: skip
            block = f"{row['name']}, block {row['block']}"
            mark(dot, page_arms(row), f"{block}: {number(row['value'])} {row['unit']}")
        for at, after in pairwise(middles):
            line = axes.plot([at, after], [middles[at], middles[after]], color=colour(1),
                             linewidth=1.4)  # fmt: skip
            mark(line, [*whose[at], *whose[after]])
        for at, middle in middles.items():
            dot = axes.plot(at, middle, marker(1), color=colour(1), markersize=5)
            words = f"{names[at]}: median {number(middle)} {rows[0]['unit']}"
            mark(dot, whose[at], words)
        top = max(r["value"] for r in rows) * 1.25
        for change in changes:
            at = change["before_arm"] + 0.5
            step = axes.axvline(at, color=colour(2), linewidth=1.4, linestyle=(0, (4, 2)))
            text = axes.text(at, top * 0.97, f" × {change['ratio']:.3g}", va="top", ha="left")
            mark([step, text], page_arms(change))
        axes.set_ylim(0, top)
        axes.set_xlim(min(places) - 0.4, max(places) + 0.6)
        axes.set_xticks(list(names), list(names.values()))
        for label, at in zip(axes.get_xticklabels(), names, strict=True):
            mark([label], whose[at])
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(PLAIN)
        axes.set_ylabel(rows[0]["unit"])
        plain_grid(axes, "y")

    said = "; ".join(f"{names[p]}: {number(v)} {rows[0]['unit']}" for p, v in middles.items())
    said = f"{title} over versions, median: {said}"
    return Panel(title, said, 230, draw, some=arms_of(rows))


def knee(title: str, rows: Sequence[Row], words: str) -> Panel:
    """Load against p99: a dot a trial (hollow: the objective was not held), bracket and objective.

    ``rows`` hold arm, offered (tasks/s), p99 (ms; None where overload left none), slo, passed, low,
    high.
    """
    shade = colour(rows[0]["arm"])
    top = max(r["p99"] or r["slo"] for r in rows) * 1.5

    def draw(axes: Axes) -> None:
        log_axis(axes, "x", [r["offered"] for r in rows])
        log_axis(axes, "y", [*(r["p99"] for r in rows if r["p99"]), rows[0]["slo"], top])
        axes.axhline(rows[0]["slo"], color=INK, linewidth=1, linestyle=(0, (4, 2)))
        if rows[0]["low"] and rows[0]["high"]:
            axes.axvspan(rows[0]["low"], rows[0]["high"], color=shade, alpha=0.25, linewidth=0)
        for passed in (True, False):
            own = [r for r in rows if bool(r["passed"]) is passed]
            for row in own:
                dot = axes.plot(row["offered"], row["p99"] or top, marker(row["arm"]), color=shade,
                                markersize=5, markerfacecolor=shade if passed else "none",
                                clip_on=False)  # fmt: skip
                p99 = f"p99 {number(row['p99'])} ms" if row["p99"] else "no p99"
                answer = "held" if passed else "not held"
                mark(dot, page_arms(row), f"{number(row['offered'])} tasks/s: {p99}, {answer}")
        axes.set_xlabel("offered load, tasks/s (log)")
        axes.set_ylabel("sojourn p99, ms (log)")
        plain_grid(axes, "both")

    return Panel(title, f"{title}: {words}", 240, draw, words, some=arms_of(rows))
