"""Folded stacks, ``frame;frame;frame``, the outermost first: the same by every tool."""

import re
from collections import Counter
from pathlib import Path

from infrastructure.root import ROOT

IMPORT_ROOT = re.compile(
    rf"\((?:/[^;:]*/(?:site-packages|lib-dynload|python3\.\d+)|{re.escape(str(ROOT))})/"
)


def read_folded(path: Path) -> Counter[str]:
    """``frame;frame;frame count`` a line, as py-spy's raw format has it."""
    stacks: Counter[str] = Counter()
    for line in path.read_text(errors="replace").splitlines():
        frames, _, count = line.rpartition(" ")
        if frames and count.isdecimal():
            stacks[frames] += int(count)
    return stacks


def short(frames: str) -> str:
    """Folded frames with ``redis/client.py`` in place of whole paths, the same by both tools."""
    return IMPORT_ROOT.sub("(", frames)
