"""The files of a comparison: verdicts.json for programs, verdicts.md for a pull request."""

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.experiment.comparison.comparison import Comparison
from harness.judge.claims import Kind
from harness.scenario.catalogue import load_words
from harness.scenario.point import QUICK
from harness.store.rows import Row

SCHEMA = "taskqueue-bench/verdicts/2"


def write_files(
    comparison: Comparison, verdicts: Sequence[Row], candidates: Sequence[Row], out: Path
) -> tuple[Path, Path]:
    """Write both; where they are."""
    out.mkdir(parents=True, exist_ok=True)
    data, page = out / "verdicts.json", out / "verdicts.md"
    data.write_text(json.dumps(document(comparison, verdicts, candidates), indent=1))
    page.write_text("\n".join(markdown(comparison, verdicts, candidates)) + "\n")
    return data, page


def document(comparison: Comparison, verdicts: Sequence[Row], candidates: Sequence[Row]) -> Row:
    return {
        "schema": SCHEMA,
        "experiment": comparison.id,
        "factor": comparison.experiment.factor,
        "size": comparison.size.name,
        "arms": comparison.names,
        "planned_blocks": comparison.blocks,
        "redone": comparison.redo.times,
        "disturbed": comparison.redo.never,
        "lost": comparison.lost,
        "verdicts": [finite(row) for row in verdicts],
        "change_points": list(candidates),
    }


def finite(row: Row) -> Row:
    """JSON knows no nan."""
    unfit = {k for k, v in row.items() if isinstance(v, float) and not math.isfinite(v)}
    return {**row, **dict.fromkeys(unfit)}


def markdown(
    comparison: Comparison, verdicts: Sequence[Row], candidates: Sequence[Row]
) -> Iterator[str]:
    yield f"### {comparison.title}"
    yield ""
    yield "| metric | ratio | 95 % interval | verdict |"
    yield "|---|---|---|---|"
    yield from map(markdown_line, verdicts)
    yield ""
    yield from (f"{row['sentence']}  " for row in candidates)
    yield from (f"{sentence}.  " for sentence in comparison.redo.never)
    quick = ", quick size" if comparison.size.name == QUICK.name else ""
    origin = f"experiment `{comparison.id}`{quick}"
    yield f"Ratios are candidate / baseline over paired blocks; {origin}."


def markdown_line(row: Row) -> str:
    load = load_words((row["scenario"], row["point"]))
    interval = "–" if row["low"] is None else f"{row['low']:.3f} – {row['high']:.3f}"
    ratio = "–" if row["ratio"] is None else f"{row['ratio']:.3f}"
    said = row["sentence"]
    words = said if row["kind"] == Kind.INVALID else said.partition(": ")[0]
    return f"| {load}: {row['metric']} | {ratio} | {interval} | {words} |"
