"""A cluster without processes: machines whose works a test plays."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from harness.experiment.cluster.crew import Crew
from harness.experiment.cluster.parcel import Delivery, packed
from harness.experiment.cluster.place import WorkAnswer, write_answer
from harness.experiment.cluster.plan import Ground, Kind, Work
from harness.experiment.cluster.seat import Reply
from harness.experiment.cluster.show import Show
from harness.experiment.comparison.comparison import Comparison
from harness.machine.fingerprint import Fingerprint
from harness.store.ingest import spool_trial
from harness.trial.plan import TrialPlan
from tests.unit.experiment.comparison.made import Played, row_of

CARD: Fingerprint = {"cpu_model": ["A"], "calibration_cpu_ms": ["5.0"]}
LONG = 10**6  # looks that a work takes which never ends


@dataclass
class Doing:
    """A work that is done after so many looks of the session, or raises."""

    looks: int
    result_of: Callable[[], Any]

    def done(self) -> bool:
        self.looks -= 1
        return self.looks < 0

    def result(self, timeout: float | None = None) -> Any:  # noqa: ARG002
        return self.result_of()


@dataclass
class Machine:
    """``works``: what it was told, in order. ``takes``: looks that its blocks take, the n-th of
    them; ``code``: what the process of a block ends with. ``left``: what it still has.
    """

    place: Path
    comparison: Comparison
    card: Fingerprint = field(default_factory=lambda: CARD)
    works: list[Work] = field(default_factory=list)
    forgot: list[str] = field(default_factory=list)
    takes: Callable[[int], int] = lambda _: 1
    code: Callable[[int], int] = lambda _: 0
    left: tuple[Delivery, ...] = ()

    def work(self, text: str, stored: Sequence[str]) -> Doing:
        work = Work.read(text)
        self.works.append(work)
        self.forgot += stored
        looks = self.takes(len(self.blocks)) if work.kind is Kind.BLOCK else 1
        return Doing(looks, lambda: self.reply(work))

    def forget(self, stored: Sequence[str]) -> Doing:
        self.forgot += stored
        return Doing(0, lambda: None)

    @property
    def blocks(self) -> list[int]:
        return [work.block.number for work in self.works if work.block]

    def reply(self, work: Work) -> Reply:
        if work.kind is Kind.JOIN:
            card = {"fingerprint": self.card, "remarks": [], "kind": self.card["cpu_model"][0]}
            answer = WorkAnswer(card=card, left=tuple(each.id for each in self.left))
            return Reply(0, "", self.delivery(work, answer), self.left)
        code = self.code(len(self.blocks)) if work.block else 0
        number = work.block.number if work.block else None
        answer = WorkAnswer(work.state, number)
        said = "error: the cell does not work" if code else ""
        return Reply(code, said, self.delivery(work, None if code else answer))

    def delivery(self, work: Work, answer: WorkAnswer | None) -> Delivery:
        """Trials of all arms, as a machine packs them."""
        folder = self.place / work.id
        spool = folder / "results.duckdb.spool"
        spool.mkdir(parents=True)
        if work.block and work.state:
            self.comparison_trials(work, spool)
        if answer:
            write_answer(folder, answer)
        return packed(work.id)

    def comparison_trials(self, work: Work, spool: Path) -> None:
        comparison = self.comparison
        [(scenario, point)] = comparison.points()
        block = work.block
        if block is None:
            return
        for n, arm in enumerate(block.order):
            position = (work.state.position if work.state else 0) + n + 1
            trial = f"{comparison.id}-{position:04}-{work.id[-8:]}"
            plan = TrialPlan(
                trial,
                block.number,
                position,
                comparison.scenarios[scenario],
                point,
                block.purpose,
                0,
            )
            row = row_of(comparison.setups[arm], plan, Played(100.0))
            metric = {"trial_id": trial, "name": "drain_rate", "value": 100.0 + arm, "unit": "1"}
            (spool / trial).mkdir()
            known = {"trial": row, "experiment": vars(comparison.experiment)}
            spool_trial(spool / trial, known, {"metric": [metric]})


@dataclass
class FakePool:
    """``there``: by address, with the look at which each comes, and goes."""

    there: dict[str, Machine]
    comes: Mapping[str, int] = field(default_factory=dict)
    goes: Mapping[str, int] = field(default_factory=dict)
    looks: int = 0

    def machines(self) -> Mapping[str, str]:
        self.looks += 1
        return {a: a for a in self.there if self.comes.get(a, 0) <= self.looks < self.ends(a)}

    def ends(self, address: str) -> int:
        return self.goes.get(address, LONG)

    def sit(self, address: str) -> Any:
        return Doing(0, lambda: self.there[address])

    def lines(self) -> Iterator[tuple[str, str]]:
        return iter(())


def crew_of(comparison: Comparison, pool: FakePool, *, strata: bool = False) -> Crew:
    comparison.console = Console(quiet=True)
    asked = replace(ground(comparison), strata=strata)
    return Crew(comparison, asked, pool, Show(comparison.console))


def ground(comparison: Comparison) -> Ground:
    return Ground(
        comparison.experiment,
        "compare",
        ("stub==1.0,python=3.12,broker=stub,profile=matched",) * 2,
        "auto",
        relaxed=False,
        yes_flush=False,
        scenarios=("throughput",),
        blocks=comparison.blocks,
        quick=True,
        factors=(),
        same=True,
        turns=False,
        only=(),
        margin=None,
        code="abc",
    )
