"""A database of made-up stacks with known shares."""

from dataclasses import dataclass
from pathlib import Path

from harness.report.flamegraph.page import read, write_page
from tests.made.rows import Rows, filling

MAIN = 'process 7:"/x/python -m app; a";main (app.py:1)'
STACKS = {
    "1.0": {
        f"{MAIN};log (rich/text.py:5);sub (re/__init__.py:9)": 60,
        f"{MAIN};get (redis/client.py:7)": 30,
        f"{MAIN};get (redis/client.py:8)": 10,
    },
    "2.0": {f"{MAIN.replace('7', '99', 1)};get (redis/client.py:70)": 15, f"{MAIN}": 5},
}
HEAP = {
    "1.0": {"<module> (<frozen x>);load (a/b.py:1)": 4096},
    "2.0": {"<module> (<frozen x>);load (a/b.py:2)": 1024},
}
NEWEST = {"alpha": "2.0"}


@dataclass
class Known:
    """A database with two profiled versions, by their trials, and a comparison without profiles."""

    database: Path
    trials: dict[str, str]  # "1.0 py-spy" and the like


def fill_flames(rows: Rows) -> dict[str, str]:
    """Two profiled versions, a profiled load of another arm, a comparison without profiles."""
    trials = {}
    for day, version in enumerate(("1.0", "2.0"), 1):
        name, arm = f"e{day}", {"framework_version": version}
        rows.experiment(name, day)
        trials[f"{version} measure"] = rows.trial(name, "alpha", **arm)
        for tool, found in (("py-spy", STACKS), ("memray", HEAP)):
            trial = trials[f"{version} {tool}"] = rows.trial(name, "alpha", purpose=tool, **arm)
            rows.stacks(trial, tool, found[version])
    late = {"scenario": "latency", "point": "load 0.5", "purpose": "py-spy"}
    trials["latency"] = rows.trial("e2", "beta", **late)
    rows.stacks(trials["latency"], "py-spy", {"main (app.py:1)": 3})
    rows.experiment("c", 3, command="compare")
    trials["compared"] = rows.trial("c", "alpha", framework_version="1.0")
    return trials


def make_known(folder: Path) -> Known:
    database = folder / "r.duckdb"
    with filling(database) as rows:
        return Known(database, fill_flames(rows))


def write_flames(known: Known, out: Path) -> Path:
    """The page of both versions, in the folder ``out``."""
    found = read(known.database, ["alpha==1.0", "alpha"], {"alpha": "2.0"}, None)
    return write_page(found, known.database, out)
