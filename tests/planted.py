"""``python -m tests.planted``: is a slow-down of 5 % in a tree found, and none where there is none?

Makes a repository of Celery's newest pinned release, plants a loop in its tree that takes
``--share`` of a task's time in a worker, and types the maintainer's one line there; then the same
with a comment in the loop's place. Exit code 0 when the first ends with 1 within ten minutes and
the second with 0. It wants a quiet machine, and Celery's source from the package index.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from uv import find_uv_bin

from harness.cli.matrix import read_matrix
from harness.prove.turns.planting import TRACE, plant
from infrastructure.root import ROOT
from tests.made.repositories import git

LOOP = """\
    import time; _end = time.perf_counter() + {seconds}
    while time.perf_counter() < _end: pass
"""
COMMENT = "    # nothing is planted here\n"
SLOTS = 2
BAR_S = 600.0


def source(folder: Path) -> Path:
    """A repository of the release, with one commit."""
    version = read_matrix().frameworks["celery"].versions[0]
    pip = [find_uv_bin(), "run", "-q", "--no-project", "--with", "pip", "python", "-m", "pip"]
    fetch = ["download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(folder)]
    subprocess.run([*pip, *fetch, f"celery=={version}"], check=True)
    [archive] = folder.glob("celery-*.tar.gz")
    shutil.unpack_archive(archive, folder, filter="data")
    tree = folder / archive.name.removesuffix(".tar.gz")
    git(tree, "init", "-q", "-b", "main")
    git(tree, "add", "-A", "-f")
    git(tree, "commit", "-q", "-m", version)
    return tree


def plant_in(tree: Path, lines: str) -> None:
    file = tree / TRACE
    git(tree, "checkout", "-q", "--", str(file))
    plant(file, lines)


def compared(tree: Path, out: Path) -> tuple[int, float, str]:
    """Exit code and seconds of the one line, typed in the tree, and what it found."""
    begin = time.monotonic()
    words = ["celery@git:main", "celery@path:.", "--wait"]
    where = ["--db", str(out / "planted.duckdb"), "--out", str(out)]
    nox = [sys.executable, "-m", "nox", "-f", str(ROOT / "noxfile.py"), "-s", "compare", "--"]
    environment = {**os.environ, "NOX_SCRIPT_MODE": "none"}
    done = subprocess.run([*nox, *words, *where], cwd=tree, env=environment, check=False)
    took = time.monotonic() - begin
    said = f"exit code {done.returncode} after {took:.0f} s"
    return done.returncode, took, ", ".join([said, *ratios(out / "verdicts.json")])


def ratios(verdicts: Path) -> list[str]:
    """Each metric's ratio with its 95 % interval, where there is one."""
    found = json.loads(verdicts.read_text())["verdicts"] if verdicts.exists() else []
    return [
        f"{each['metric']} {each['ratio']:.3f} [{each['low']:.3f}, {each['high']:.3f}]"
        for each in found
        if each["ratio"] is not None
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--rate", type=float, default=1600, help="tasks/s that Celery drains here")
    parser.add_argument("--out", type=Path, default=Path("report/planted"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    seconds = options.share * SLOTS / options.rate
    with tempfile.TemporaryDirectory() as folder:
        tree = source(Path(folder))
        plant_in(tree, LOOP.format(seconds=seconds))
        found, took, with_it = compared(tree, options.out.resolve())
        plant_in(tree, COMMENT)
        alarm, _, without = compared(tree, options.out.resolve())
    print(f"planted {options.share:.0%}: {with_it}\nnothing: {without}")
    return 0 if (found, alarm) == (1, 0) and took <= BAR_S else 1


if __name__ == "__main__":
    sys.exit(main())
