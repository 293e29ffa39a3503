"""Figures of an arm that took turns with others: what it did while it was its turn.

Two arms are up at the same time and work in turns of a fraction of a second, the other standing
still, so that what is slow about a machine's noise meets both alike: METHOD 2, duet blocks.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from harness.measure.layouts import Array
from harness.measure.records import Records

SETTLE_BIN_NS = 10_000_000
ALIKE, ERRORS = 0.01, 3  # of a rate; standard errors
HEAD = 0.1  # of the tasks
LEAST_TURNS = 5  # of which half are as long as the median: they say how much turns differ


@dataclass(frozen=True)
class Turn:
    """A stretch in which an arm worked and the others stood still, ns; ``cpu``: the CPU seconds
    that its roles took in it. ``drawn``: so many ns more of its beginning are left out.
    """

    begin: int
    end: int
    cpu: Mapping[str, float] = field(default_factory=dict)
    drawn: int = 0


@dataclass(frozen=True)
class InTurn:
    """What fell into an arm's turns, the first ``settle`` ns and what was drawn of each left out.

    ``counts``: tasks that ended in each turn. ``spanning``: tasks that a pause cut in two, which
    are in no count.
    """

    counts: Array
    seconds: float
    spanning: int

    @property
    def rate(self) -> float:
        """Tasks per second of its own time; nan without any."""
        return float(np.sum(self.counts)) / self.seconds if self.seconds > 0 else float("nan")

    @property
    def autocorrelation(self) -> float:
        """Of the counts of neighbouring turns; nan below three, or where all are equal."""
        if len(self.counts) < 3 or np.ptp(self.counts) == 0:
            return float("nan")
        centred = self.counts - np.mean(self.counts)
        return float(np.sum(centred[1:] * centred[:-1]) / np.sum(centred**2))


def place_of(stamps: Array, turns: Sequence[Turn]) -> Array:
    """The turn that each stamp (ns) falls into, by number; -1 for those that fall into none."""
    begins, ends = (
        np.array([getattr(t, n) for t in turns], dtype=np.int64) for n in ("begin", "end")
    )
    place = np.searchsorted(begins, stamps, "right") - 1
    inside = (place >= 0) & (stamps <= ends[place])
    found: Array = np.where(inside, place, -1)
    return found


def in_turn(
    starts: Array, ends: Array, turns: Sequence[Turn], settle_ns: int = 0, *, paused: bool = True
) -> InTurn:
    """Tasks by their start and end stamps (ns), counted by the turn in which both lie; by that in
    which they end where the arm was not ``paused`` between its turns, which cuts none in two.
    """
    shorter = (replace(t, begin=t.begin + settle_ns + t.drawn) for t in turns)
    kept = [turn for turn in shorter if turn.begin < turn.end]
    if not kept:
        return InTurn(np.zeros(0, dtype=np.int64), 0.0, 0)
    # A task that started before the part that counts, in the same turn, has ended within it.
    last = place_of(ends, turns)
    first = place_of(starts, turns) if paused else last
    whole = (first == last) & (last >= 0)
    place = place_of(ends[whole], kept)
    counts = np.bincount(place[place >= 0], minlength=len(kept))
    seconds = sum(t.end - t.begin for t in kept) / 1e9
    return InTurn(counts, seconds, int(np.sum((first != last) & (first >= 0) & (last >= 0))))


def settled_after(ends: Array, turns: Sequence[Turn]) -> float:
    """How long into a turn (ns) the completions go on to differ from those of its second half;
    stamps in ns. From there to its middle their rate is that of the second half: within a hundredth
    of it, or within three standard errors, by how much the turns differ in that. nan where there
    are too few turns to tell.
    """
    if len(turns) < LEAST_TURNS:
        return math.nan
    lengths = [turn.end - turn.begin for turn in turns]
    half = int(np.median(lengths)) // SETTLE_BIN_NS // 2
    long_enough = [t for t in turns if t.end - t.begin >= 2 * half * SETTLE_BIN_NS]
    counts = np.array([binned(ends, turn.begin, 2 * half) for turn in long_enough])
    steady = counts[:, half:].mean(axis=1)
    for settled in range(half):
        apart = counts[:, settled:half].mean(axis=1) - steady
        error = ERRORS * float(np.std(apart, ddof=1)) / math.sqrt(len(apart))
        if abs(float(np.mean(apart))) <= max(ALIKE * float(np.mean(steady)), error):
            return settled * SETTLE_BIN_NS
    return half * SETTLE_BIN_NS


def binned(ends: Array, begin: int, bins: int) -> Array:
    """Completions in each of so many bins from ``begin`` (ns) on."""
    found: Array = np.histogram(ends, bins, (begin, begin + bins * SETTLE_BIN_NS))[0]
    return found


def at_work(ends: Array, turns: Sequence[Turn]) -> Sequence[Turn]:
    """The turns in which an arm drained from the beginning to the end; stamps in ns.

    Not those until a tenth of its tasks had ended: some workers sleep before they look again, and
    METHOD 4 leaves out as much of a drain in sequence. Nor the last one, in which the first arm of
    the block ran out of tasks: it waited to be noticed, or was cut short. Without any other, all.
    """
    most = turns[:-1] or turns
    place = place_of(ends, most)
    ended = np.cumsum(np.bincount(place[place >= 0], minlength=len(most)))
    if not len(ended):
        return turns
    begun = int(np.searchsorted(ended, HEAD * ended[-1])) + 1
    return most[begun:] or most


def ended_within(ends: Array, turns: Sequence[Turn]) -> int:
    """Tasks whose end (ns) lies in a turn, those that a pause cut in two among them."""
    return int(np.sum(place_of(ends, turns) >= 0))


def still_s(turns: Sequence[Turn]) -> float:
    """Seconds that the arm stood still between its turns."""
    return sum(later.begin - turn.end for turn, later in pairwise(turns)) / 1e9


def on_own_clock(records: Records, turns: Sequence[Turn]) -> Records:
    """All stamps on the clock that runs in the arm's turns only."""
    sends, runs = records.sends.copy(), records.runs.copy()
    for stamps, names in ((sends, ("intended", "send", "ack")), (runs, ("start", "end"))):
        for name in names:
            stamps[name] = own_time(stamps[name], turns)
    return replace(records, sends=sends, runs=runs)


def cpu_within(turns: Sequence[Turn]) -> dict[str, float]:
    """CPU seconds by role, over all turns."""
    roles = dict.fromkeys(role for turn in turns for role in turn.cpu)
    return {role: sum(turn.cpu.get(role, 0.0) for turn in turns) for role in roles}


def cpu_above_idle(turns: Sequence[Turn], idle: Mapping[str, float]) -> dict[str, float]:
    """CPU seconds by role, the idle baseline (CPU s a second) of as long taken off."""
    seconds = sum(turn.end - turn.begin for turn in turns) / 1e9
    return {role: cpu - idle.get(role, 0.0) * seconds for role, cpu in cpu_within(turns).items()}


def by_turn(records: Records, turns: Sequence[Turn]) -> Iterator[Records]:
    """The records of each turn in which something was sent."""
    place = place_of(records.sends["send"], turns)
    for number in np.unique(place[place >= 0]):
        sends = records.sends[place == number]
        runs = records.runs[np.isin(records.runs["seq"], sends["seq"])]
        yield replace(records, sends=sends, runs=runs)


def own_time(stamps: Array, turns: Sequence[Turn]) -> Array:
    """Stamps (ns) on a clock that runs only in the arm's turns; 0 is the first one's begin."""
    begins = np.array([t.begin for t in turns], dtype=np.int64)
    lengths = np.array([t.end - t.begin for t in turns], dtype=np.int64)
    before = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    place = (np.searchsorted(begins, stamps, "right") - 1).clip(min=0)
    found: Array = before[place] + (stamps - begins[place]).clip(0, lengths[place])
    return found
