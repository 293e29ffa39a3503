"""The overview: a row a scenario, a column an arm, and what interleaved experiments say of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.report.charts.charts import number

Row = dict[str, Any]

# By the kind of a verdict: a sign and a word, so that colour is never alone.
SIGNS = {
    "faster": ("▲", "better"), "slower": ("▼", "worse"), "equivalent": ("=", "no difference"),
    "faster_uncertain": ("△", "better, size uncertain"),
    "slower_uncertain": ("▽", "worse, size uncertain"),
    "inconclusive": ("?", "cannot tell"), "invalid": ("!", "invalid"),
}  # fmt: skip
LEGEND = "; ".join(f"{sign} {words}" for sign, words in SIGNS.values())


@dataclass(frozen=True)
class Square:
    """A scenario in an arm: the median, or why there is none; ``kind`` of the verdict, if any."""

    text: str
    note: str = ""
    kind: str = ""
    sign: str = ""


@dataclass(frozen=True)
class Stripe:
    """A scenario: its metric in words, and a square an arm."""

    scenario: str
    metric: str
    squares: list[Square]


def stripes(
    every: Mapping[str, Sequence[Row]], scenarios: Sequence[str],
    primary: Callable[[str], Sequence[str]],
) -> list[Stripe]:  # fmt: skip
    """Rows of the matrix: of each scenario the first primary metric that anybody has, at its first
    load with a figure. ``every``: the report's rows by query.
    """
    found = []
    for scenario in scenarios:
        rows = [r for r in every["metrics"] if r["scenario"] == scenario]
        name = next((n for n in primary(scenario) if any(r["name"] == n for r in rows)), "")
        rows = [r for r in rows if r["name"] == name]
        point = rows[0]["point"] if rows else None
        unit = f", {rows[0]['unit']}" if rows and rows[0]["unit"] else ""
        words = " · ".join(filter(None, [f"{name.replace('_', ' ')}{unit}", point]))
        by_arm = {r["arm"]: r for r in rows if r["point"] == point}
        said = verdicts(every["overview"], scenario, name, point)
        states = [s for s in every["states"] if s["scenario"] == scenario]
        origins = {
            r["arm"]: r["experiment_id"] for r in every["origins"] if r["scenario"] == scenario
        }
        squares = [
            square(by_arm.get(a["arm"]), [s for s in states if s["arm"] == a["arm"]],
                   said.get(a["arm"]), origins.get(a["arm"]))
            for a in every["arms"]
        ]  # fmt: skip
        found.append(Stripe(scenario, words, squares))
    return found


def verdicts(rows: Sequence[Row], scenario: str, metric: str, point: str | None) -> dict[int, Row]:
    """The latest verdict on each arm."""
    fitting = [
        r for r in rows
        if (r["scenario"], r["metric"], r["point"]) == (scenario, metric, point)
    ]  # fmt: skip
    return {r["arm"]: r for r in reversed(fitting)}


def square(
    found: Row | None, states: Sequence[Row], verdict: Row | None, origin: str | None
) -> Square:
    """``origin``: the experiment that the median is of; a verdict of another one says so."""
    ok, trials, gaps = (sum(s[name] for s in states) for name in ("ok", "trials", "gap"))
    tried = trials - gaps
    if found is None:
        if states and all(s["gap"] for s in states):
            return Square("cannot", str(states[0]["reason"]))
        return Square("—", f"{ok} of {tried} trials ok" if tried else "not run")
    note = "" if ok == tried else f"{ok} of {tried} trials ok"
    if verdict is None:
        return Square(number(found["median"]), note)
    sign, words = SIGNS[verdict["kind"]]
    quick = " (quick size)" if verdict["size"] == "quick" else ""
    said = f"{words} against {verdict['baseline']}{quick}"
    if verdict["experiment_id"] != origin:
        said += f", in experiment {verdict['experiment_id']}"
    return Square(
        number(found["median"]), "; ".join(filter(None, [said, note])), verdict["kind"], sign
    )
