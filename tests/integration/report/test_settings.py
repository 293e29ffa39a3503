"""Somebody's settings for matplotlib change no chart."""

import os
import subprocess
import sys
from pathlib import Path

from infrastructure.root import ROOT

DRAW = """
import sys
from pathlib import Path
from harness.report.charts.drawing import drawing
from harness.report.charts.panel import Panel
from harness.report.charts.plot import Line
def draw(plot):
    plot.add(Line(xs=[0, 1], ys=[0, 1], colour="#0072b2"))
    plot.x.label = "a_b^2"
drawing([Panel("title", "words", 200, draw)], Path(sys.argv[1]), "head", "foot")
"""


def drawn(folder: Path, **variables: str) -> bytes:
    folder.mkdir(exist_ok=True)
    subprocess.run(
        [sys.executable, "-c", DRAW, str(folder / "chart")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        check=True,
        timeout=120,
    )
    return (folder / "chart.png").read_bytes()


def test_no_setting_of_matplotlib_changes_a_chart(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "matplotlibrc").write_text(
        "axes.facecolor: red\nsavefig.dpi: 20\naxes.grid: True\nlines.linewidth: 9\nfont.size: 30\n"
    )
    found = drawn(theirs, MPLBACKEND="nonsense", MATPLOTLIBRC=str(theirs / "matplotlibrc"))
    assert found == drawn(tmp_path / "plain")
