"""Lay out: the tables of a scenario."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from harness.cli.numbers import in_words, number
from harness.report.page.columns import (
    COMMANDS,
    CPU,
    CPU_OPEN,
    HELD,
    MEMORY,
    PARTS,
    RATES,
    SOJOURN,
    Column,
    names,
)
from harness.report.page.measured import Measured
from harness.report.rows.trials import Median, State

QUANTILE_NEED = "p90 needs 100 tasks per trial, p99 needs 1,000, p99.9 needs 10,000."
QUANTILE_NOTE = (
    "— : not measured in this arm, never reached (such as a recovery), or a quantile with too few "
    f"tasks behind it: {QUANTILE_NEED}"
)
TOO_FEW = f"Missing quantiles have too few tasks behind them: {QUANTILE_NEED}"
GENERATOR = (
    "On shared cores the load generator runs before the queue (SCHED_RR, where the environment has "
    "producer_real_time: yes). The time that tasks wait for it is part of these figures; "
    "docs/method.md, section 3, says how much that is."
)
PINNED = (
    "each worker process kept to a core of its own while the backlog was drained (--pin). These "
    "are not the rates of workers that the kernel places: docs/method.md, section 2."
)
NOTHING = "—"


@dataclass(frozen=True)
class TableCell:
    """A formatted median and its range; ``spread`` is empty for a single trial."""

    median: str
    spread: str = ""


@dataclass(frozen=True)
class TableRow:
    """An arm at a load, its trials, its cells or why it has none."""

    load: str
    offered: str
    arm: int
    label: str
    trials: str
    note: str
    cells: list[TableCell]


@dataclass(frozen=True)
class PageTable:
    caption: str
    headings: list[str]
    rows: list[TableRow]
    note: str


def tables(found: Measured, primary: Sequence[str]) -> list[PageTable]:
    """The tables of a scenario; one without figures still says which trials there were.

    The first gives the reasons of loads without a valid trial, the others point to it.
    """
    made = [table(found, *each) for each in captions(found, primary)]
    kept = [each for each in made if each.headings]
    if not kept:
        return [PageTable("Trials", [], [row(found, state, []) for state in found.states], "")]
    first, *rest = kept
    return [first, *(replace(t, rows=[shortened(each) for each in t.rows]) for t in rest)]


def captions(found: Measured, primary: Sequence[str]) -> list[tuple[str, Sequence[Column]]]:
    """The columns of each table, under its caption."""
    cost = (*(CPU if CPU[2].name in found.units else CPU_OPEN), *MEMORY, COMMANDS)
    usual = names([*RATES, *SOJOURN, *PARTS, *cost])
    own = [Column(name, in_words(name)) for name in primary if name not in usual]
    parts = PARTS if any(column.name in found.units for column in (PARTS[0], PARTS[-1])) else ()
    return [
        ("Primary metrics", own),
        ("Rates", RATES),
        ("Rates at two depths of the queue, because the drain was not steady", HELD),
        ("Sojourn time: from the scheduled send to the end of the task", SOJOURN),
        ("Parts of the sojourn time, and generator lag", parts),
        ("Cost: CPU per task, peak memory (PSS), broker commands per task", cost),
    ]


def table(found: Measured, caption: str, columns: Iterable[Column]) -> PageTable:
    """A table of the columns that some arm has."""
    kept = [column for column in columns if column.name in found.units]
    rows = [row(found, state, kept) for state in found.states]
    headings = [heading(found, column) for column in kept]
    said = [pinned(found) if "drain_rate" in names(kept) else "", note(names(kept), rows)]
    return PageTable(caption, headings, rows, " ".join(filter(None, said)))


def pinned(found: Measured) -> str:
    """Whose workers were, and what that means; empty where nobody's were."""
    arms = {each.arm for each in found.medians_of("workers_pinned") if each.median}
    labels = dict.fromkeys(state.label for state in found.states if state.arm in arms)
    return f"{' and '.join(labels)}: {PINNED}" if labels else ""


def heading(found: Measured, column: Column) -> str:
    unit = found.units[column.name]
    return f"{column.heading}, {unit}" if unit else column.heading


def note(kept: Sequence[str], rows: Sequence[TableRow]) -> str:
    """Why a figure is missing, where one is, and what is in those that are there."""
    generator = [GENERATOR] if "sojourn_p50" in kept else []
    if any(cell.median == NOTHING for row in rows for cell in row.cells):
        return " ".join([QUANTILE_NOTE, *generator])
    few = "sojourn_p50" in kept and not {"sojourn_p99", "sojourn_p999"} <= set(kept)
    return " ".join([*([TOO_FEW] if few else []), *generator])


def row(found: Measured, state: State, columns: Sequence[Column]) -> TableRow:
    trials, said = state_in_words(state)
    cells = []
    if state.ok:
        keys = ((state.point, state.arm, column.name) for column in columns)
        cells = [cell(found.found.get(key), state) for key in keys]
        said = f"one valid trial; {said}" if state.ok == 1 and state.trials > 1 else said
    elif not state.gap:
        said = f"no valid trial: {state.reason}"
    offered = "" if state.offered is None else number(state.offered)
    return TableRow(state.point, offered, state.arm, state.label, trials, said, cells)


def state_in_words(state: State) -> tuple[str, str]:
    """How many trials are ok, and what to say about the rest or about a single one."""
    count = f"{state.ok} of {state.trials} ok"
    if state.gap:
        return "cannot", str(state.reason)
    counted = {"invalid": state.invalid, "failed": state.failed}
    wrong = [f"{trials} {status}" for status, trials in counted.items() if trials]
    if wrong:
        return count, f"{', '.join(wrong)}: {state.reason}"
    return count, "one trial" if state.trials == 1 else ""


def cell(found: Median | None, state: State) -> TableCell:
    if found is None:
        return TableCell(NOTHING)
    if found.trials == 1:
        return TableCell(number(found.median), "" if state.ok == 1 else "one trial")
    spread = f"{number(found.low)} – {number(found.high)}"
    fewer = f", {found.trials} trials" if found.trials != state.ok else ""
    return TableCell(number(found.median), spread + fewer)


def shortened(full: TableRow) -> TableRow:
    """The row of a later table, when the first has said why."""
    return full if full.cells else replace(full, note="no valid trial, see above")
