"""Rows of pieces that nobody carried out."""

from typing import Any

from harness.prove.turns.plan import EQUAL, PLANTED, Kind
from harness.prove.turns.table import CPU

Row = dict[str, Any]
SHOWN = ("drain_rate", CPU, "enqueue_rate")


def compared(
    kind: Kind, equal: str = "equivalent", planted: str = "slower", seconds: float = 100.0
) -> Row:
    """A comparison whose pairs of equal arms get one verdict and the planted ones another."""
    pairs = {(1, 2): planted} if kind.within_s else dict.fromkeys(EQUAL, equal)
    pairs |= {} if kind.within_s else dict.fromkeys(PLANTED, planted)
    verdicts = {f"{a}-{b}": verdict(word) for (a, b), word in pairs.items()}
    return {"piece": [kind.name, list(kind.groups[0]), 1], "seconds": seconds, "verdicts": verdicts}


def verdict(cpu: str) -> Row:
    """Of all metrics: of CPU this one."""
    found = {name: {"kind": "equivalent", "ratio": 1.0, "sd": 0.013} for name in SHOWN}
    found[CPU] = {"kind": cpu, "ratio": 1.02, "sd": 0.013, "sentence": f"it is {cpu}"}
    return found


def block(kind: Kind, arms: tuple[str, ...], turns: float, sequence: float) -> Row:
    """With such ratios of each arm to the one before it."""
    told: Row = {
        how: [
            {"status": "ok", "reason": "", **dict.fromkeys(SHOWN, 100.0 * ratio**place)}
            for place in range(len(arms))
        ]
        for how, ratio in (("turns", turns), ("sequence", sequence))
    }
    return {"piece": [kind.name, list(arms), 1], "seconds": 40.0, **told}
