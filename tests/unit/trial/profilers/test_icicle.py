"""Folded stacks in, a well-formed picture out."""

from pathlib import Path
from xml.etree import ElementTree as ET

from harness.trial.profilers.folded import read_folded
from harness.trial.profilers.icicle import svg, tree


def test_folded_lines_are_read_and_summed(tmp_path: Path) -> None:
    file = tmp_path / "x.folded"
    file.write_text("a (x.py:1);b (x.py:2) 3\na (x.py:1);b (x.py:2) 4\nnonsense\n")
    assert read_folded(file) == {"a (x.py:1);b (x.py:2)": 7}


def test_the_picture_shows_every_visible_frame() -> None:
    stacks = {"main;work <list>": 75, "main;wait": 25}
    assert tree(stacks).children["main"].value == 100
    picture = ET.fromstring(svg(stacks, "CPU & more", "samples"))
    titles = [t.text for t in picture.iter("{http://www.w3.org/2000/svg}title")]
    assert "work <list>: 75 samples (75.0 %)" in titles
    widths = {
        g[0].text: float(g[1].get("width", "0"))
        for g in picture.iter("{http://www.w3.org/2000/svg}g")
    }
    assert widths["wait: 25 samples (25.0 %)"] == 300.0


def test_no_stacks_is_an_empty_picture() -> None:
    assert "0 samples" in svg({}, "nothing", "samples")
