"""What a kill -9 of all workers cost an arm, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.cli.numbers import number
from harness.report.rows.trials import Median
from harness.scenario.catalogue import KILLED

MINUTE = 60


@dataclass(frozen=True)
class Kill:
    """Medians of the scenario. ``at_work``: tasks that were running; ``not_redone``: percent of
    them; ``after``: s until the last that was redone began, None where none was; ``waited``: s.
    """

    at_work: float
    not_redone: float
    after: float | None
    twice: float
    waiting_lost: float
    waited: float

    @property
    def words(self) -> str:
        """When the tasks were done again, and how many of those behind them never were."""
        never = f"not within {duration(self.waited)}"
        waiting = f"{self.waiting_lost:,.0f} that waited" if self.waiting_lost else ""
        if self.after is None:
            return f"{never}, nor {waiting}" if waiting else never
        parts = [f"after {self.after:,.0f} s"]
        if self.not_redone:
            parts.append(f"{number(self.not_redone)} % {never}")
        if self.twice:
            parts.append(f"{self.twice:,.0f} of them twice")
        if waiting:
            parts.append(f"but not {waiting}")
        return ", ".join(parts)


def duration(seconds: float) -> str:
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.0f} min"


def kill_of(medians: Sequence[Median], arm: int) -> Kill | None:
    """None where no valid trial says."""
    own = {m.name: m.median for m in medians if m.scenario == KILLED and m.arm == arm}
    if "not_redone" not in own:
        return None
    return Kill(
        own["at_work"],
        own["not_redone"],
        own.get("redone_after"),
        own["redone_twice"],
        own["waiting_lost"],
        own["waited"],
    )
