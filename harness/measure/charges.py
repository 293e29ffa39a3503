"""What the charges of a pipeline left: a byte each time that one took effect."""

from pathlib import Path

from harness.measure.layouts import SEQ_MASK
from tasks.records import CHARGED, PHASE_SHIFT, PHASES


def charges(folder: Path) -> dict[int, int]:
    """How often each load task's charge took effect, by its sequence number."""
    found = {int(p.name.removeprefix(CHARGED)): p for p in folder.glob(f"{CHARGED}*")}
    load = PHASES.index("load")
    return {
        seq & SEQ_MASK: path.stat().st_size
        for seq, path in found.items()
        if seq >> PHASE_SHIFT == load
    }
