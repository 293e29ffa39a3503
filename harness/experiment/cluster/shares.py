"""Unlike machines, each kind a stratum: every kind has as many blocks, and knows its own pace."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from math import ceil

from harness.experiment.cluster.member import Doing, Member
from harness.experiment.cluster.plan import State
from harness.experiment.comparison.blocks import Block
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.measured import strata_of
from harness.store.vocabulary import Purpose


class Shares:
    """``done``: blocks, by kind. ``total``: of all kinds, planned."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison, self.total = comparison, 0
        self.done: Counter[str] = Counter()
        self._states: dict[str, State] = {}

    def expect(self, blocks: int) -> None:
        """So many more, beside those that earlier sessions have stored."""
        if not self.total and self.comparison.database.exists():
            self.done.update(strata_of(self.comparison, Purpose.MEASURE).values())
            self.total = self.done.total()
        self.total += blocks

    def left(self, kind: str, members: Collection[Member]) -> bool:
        """Whether it may have one more: it has fewer than its share, or all have theirs. Kinds of
        which no machine is left have none.
        """
        here = {each.kind for each in members if each.doing in {Doing.FREE, Doing.WORKING}}
        at_work = Counter(each.kind for each in members if isinstance(each.task, Block))
        share = ceil(self.total / max(1, len(here)))
        room = {each: self.done[each] + at_work[each] < share for each in {*here, kind}}
        return room[kind] or not any(room.values())

    def state(self, kind: str) -> State:
        """What is known of machines of this kind, and of all."""
        now = State.of(self.comparison)
        nothing: tuple[()] = ()
        fitted = tuple(nothing for _ in now.fitted)
        unknown = replace(now, capacity=None, paces=(), fitted=fitted, hopeless=())
        own = self._states.get(kind, unknown)
        return replace(own, size=now.size, position=now.position, redo=now.redo)

    def learned(self, kind: str, state: State) -> None:
        """Backlogs stay as they were fitted first."""
        before = self._states.get(kind, state)
        both = zip(state.fitted, before.fitted, strict=True)
        fitted = tuple(tuple((dict(new) | dict(old)).items()) for new, old in both)
        hopeless = tuple(sorted({*before.hopeless, *state.hopeless}))
        self._states[kind] = replace(state, fitted=fitted, hopeless=hopeless)
