"""What the surroundings break is run again: a bounded number of times, counted and said.

Surroundings are the environment (foreign CPU, steal, no idle machine before the trial) and the load
generator, which shares the cores with everything else.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from harness.measure.validity import BEHIND
from harness.scenario.catalogue import Load
from harness.store.vocabulary import Status
from harness.trial.outcome import Outcome
from infrastructure.counted import counted

REDO = 3


def disturbances(outcome: Outcome) -> list[str]:
    """What the surroundings did to a trial; empty where it is sound."""
    return [*outcome.flags, *([outcome.reason] if only_behind(outcome) else [])]


def only_behind(outcome: Outcome) -> bool:
    """Whether nothing but the load generator's lag voids the trial: the harness's fault, not the
    arm's.
    """
    parts = outcome.reason.split("; ")
    return outcome.status == Status.INVALID and all(part.startswith(BEHIND) for part in parts)


@dataclass
class Redo:
    """How often a load is run again at most, ``all_in_all`` of them (None: no limit), and what came
    of it.

    ``times``: how often it was done. ``never``: sentences about what was never undisturbed.
    ``hopeless``: loads that are too much for the load generator.
    """

    most: int = REDO
    all_in_all: int | None = None
    times: int = 0
    never: list[str] = field(default_factory=list)
    hopeless: set[Load] = field(default_factory=set)

    def again(self, load: Load, where: str, run: Callable[[], Sequence[str]]) -> Iterator[str]:
        """Run it, which says what disturbed it, until nothing did or it was often enough: what
        disturbed it, each time before it is run again.
        """
        for left in range(self.most, -1, -1):
            flags = run()
            if not flags:
                return
            behind = all(flag.startswith(BEHIND) for flag in flags)
            if not left or self.times == self.all_in_all or (behind and load in self.hopeless):
                self.never.append(f"{where}, was never undisturbed: {flags[0]}")
                if behind:
                    self.hopeless.add(load)
                return
            yield flags[0]
            self.times += 1  # unless whoever asked for it has no time for another

    def said(self, what: str, typed: str) -> Iterator[str]:
        """What a busy machine cost, at the end: how many times ``what`` was run again, what stayed
        disturbed, and what to type for figures without it.
        """
        if not self.times and not self.never:
            return
        yield (
            f"the machine was busy: {what} was run again {counted(self.times, 'time')}, "
            f"{len(self.never)} stayed disturbed"
        )
        yield from self.never
        if self.never:
            yield "for undisturbed figures end what else is running (nox -s doctor shows it), and"
            yield f"type again: {typed}"
