"""Machines at work on a comparison: each has one block at a time, and what is lost is done again.

One loop looks at all of them: who came, who is done, who is gone, who is free.
"""

import statistics
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from math import ceil
from typing import TYPE_CHECKING

from harness.cli.exits import Exit
from harness.cli.forecast import Forecast
from harness.experiment.cluster.card import ALIKE, COMPARED, doubts, kinds, unlike
from harness.experiment.cluster.land import land
from harness.experiment.cluster.member import Doing, Learn, Member, Task, called
from harness.experiment.cluster.parcel import Delivery
from harness.experiment.cluster.place import WorkAnswer
from harness.experiment.cluster.plan import Ground, State, Work, new_id
from harness.experiment.cluster.pool import Pool
from harness.experiment.cluster.seat import Reply
from harness.experiment.cluster.shares import Shares
from harness.experiment.cluster.show import Show
from harness.experiment.comparison.blocks import Block
from harness.experiment.comparison.comparison import Comparison
from harness.experiment.comparison.resume import blocks_done
from infrastructure.counted import counted
from infrastructure.errors import BenchError

if TYPE_CHECKING:
    from harness.machine.fingerprint import Fingerprint

LOOK_S = 0.2
NOBODY_S = 60.0  # that a session waits for a machine
MOST_LOST = 3  # times that one block may be
LEAVING_S = 5.0


class Crew:
    """``kinds``: what machines have to be like, by the name of the kind, once there are some; one
    without a name unless unlike ones take part.
    """

    def __init__(self, comparison: Comparison, ground: Ground, pool: Pool, show: Show) -> None:
        self.comparison, self.ground, self.pool, self.show = comparison, ground, pool, show
        self.members: dict[str, Member] = {}
        self.out: dict[str, str] = {}  # why machines take no part, by address
        self.kinds: dict[str, Fingerprint] = {}
        self.shares = Shares(comparison)
        self.again: deque[Task] = deque()
        self.losses: Counter[Task] = Counter()
        self.took: list[float] = []  # seconds of blocks
        self.begun = False
        self.seen = time.monotonic()  # when there last was a machine

    def learn(self) -> None:
        """Each kind of machine for itself: what one sustains says nothing of another."""
        if self.unlike:
            self.comparison.capacity = None
        if self.comparison.has_to_learn():
            self.again.extend(Learn(kind) for kind in self.kinds)
            self.work_off(())

    @property
    def unlike(self) -> bool:
        """Whether machines of several kinds take part."""
        return len(self.kinds) > 1

    def expect(self, blocks: int) -> None:
        self.show.expected += blocks
        if self.unlike:
            self.shares.expect(blocks)

    def carry_out(self, blocks: Iterable[Block]) -> None:
        self.work_off(blocks)

    def work_off(self, tasks: Iterable[Task]) -> None:
        """Have all of them done. Raises BenchError where there is no machine left to do it."""
        source, more, self.begun = iter(tasks), True, True
        while more or self.again or self.at_work():
            self.look()
            for member in self.free():
                task = self.waiting_for(member)
                if task is None and more and self.has_share(member):
                    task = next(source, None)
                    more = task is not None
                if task is not None:
                    self.give(member, task)
            time.sleep(LOOK_S)

    def waiting_for(self, member: Member) -> Task | None:
        """The first lost task that this machine may do; it waits no longer."""
        for task in self.again:
            if task.kind == member.kind if isinstance(task, Learn) else self.has_share(member):
                self.again.remove(task)
                return task
        return None

    def has_share(self, member: Member) -> bool:
        """Whether its kind may have one more of the blocks, which all kinds have alike."""
        return not self.unlike or self.shares.left(member.kind, self.members.values())

    def at_work(self) -> bool:
        return any(member.task for member in self.members.values())

    def free(self) -> list[Member]:
        return [each for each in self.members.values() if each.doing is Doing.FREE]

    def look(self) -> None:
        """Take note of everything that has happened since."""
        there = self.pool.machines()
        for address, line in self.pool.lines():
            if member := self.members.get(address):
                member.line = line
                self.show.said(member, line)
        for member in list(self.members.values()):
            if member.waits is not None and member.waits.done():
                self.arrived(member)
            elif member.address not in there:
                self.lose(member, "its worker is gone")
        for address, name in there.items():
            if address not in self.members and address not in self.out:
                self.members[address] = Member(address, name, self.pool.sit(address))
        self.decide()
        self.check_anybody(there)
        self.show.update(self.members.values(), self.left())

    def arrived(self, member: Member) -> None:
        """It has done what it was doing, or could not."""
        waits, member.waits = member.waits, None
        try:
            found = waits.result() if waits else None
        except BenchError as error:  # its machine is taken
            self.leave_out(member, str(error))
        except Exception as error:  # noqa: BLE001  whatever Dask raises for a worker that is gone
            self.lose(member, f"{type(error).__name__}: {error}")
        else:
            self.take(member, found)

    def take(self, member: Member, found: object) -> None:
        if member.doing is Doing.SITTING:
            member.seat, member.doing = found, Doing.JOINING  # type: ignore[assignment]
            self.send(member, Work(self.id("join"), member.name, self.ground))
            return
        reply: Reply = found  # type: ignore[assignment]
        for delivery in reply.left:
            self.take_in(member, delivery)
        if reply.code or not reply.delivery.answer:
            self.fail(member, reply)
        elif member.doing is Doing.JOINING:
            card = WorkAnswer.read(reply.delivery.answer).card
            member.card = card["fingerprint"]
            member.kind = card["kind"] if self.ground.strata else ""
            self.remark(member, reply)
            member.doing = Doing.HERE
        else:
            self.finish(member, reply.delivery)

    def remark(self, member: Member, reply: Reply) -> None:
        member.stored.append(reply.delivery.id)
        remarks = WorkAnswer.read(reply.delivery.answer).card["remarks"]
        self.show.print(f"{member.name} is here" + "".join(f"; {each}" for each in remarks))

    def send(self, member: Member, work: Work) -> None:
        if member.seat is None:
            raise ValueError(f"{member.name} has no seat")
        member.waits, member.since = member.seat.work(work.text(), member.stored), time.monotonic()
        member.stored, member.line = [], ""

    def give(self, member: Member, task: Task) -> None:
        """A task, with room for the positions of all that may be run again."""
        comparison, what = self.comparison, "learn" if isinstance(task, Learn) else "block"
        block = task if isinstance(task, Block) else None
        number = f"-{block.number}" if block else ""
        work = Work(
            self.id(what + number),
            member.name,
            self.ground,
            self.shares.state(member.kind) if self.unlike else State.of(comparison),
            block,
        )
        comparison.position += (
            len(comparison.loads()) * len(comparison.setups) * (comparison.redo.most + 1)
        )
        member.task, member.doing = task, Doing.WORKING
        self.send(member, work)

    def id(self, what: str) -> str:
        return new_id(self.comparison.id, what)

    def finish(self, member: Member, delivery: Delivery) -> None:
        """A task is done: store it, and let the comparison know what it found out."""
        task, answer = member.task, WorkAnswer.read(delivery.answer)
        comparison = self.comparison
        land(comparison.database, delivery, comparison.id, broken=False)
        member.stored.append(delivery.id)
        member.task, member.doing = None, Doing.FREE
        comparison.redo.times += answer.redone
        comparison.redo.never += answer.never
        if answer.state:
            self.learned(answer.state, whole=isinstance(task, Learn))
            self.shares.learned(member.kind, answer.state)
        if isinstance(task, Block):
            self.shares.done[member.kind] += 1
            self.took.append(time.monotonic() - member.since)
            self.show.done += 1
            self.show.print(f"{called(task)} is done, by {member.name}")

    def learned(self, state: State, *, whole: bool) -> None:
        comparison = self.comparison
        if whole:
            given = comparison.position
            state.into(comparison)
            comparison.position = max(given, comparison.position)
        comparison.redo.hopeless |= set(state.hopeless)
        for setup, fitted in zip(comparison.setups, state.fitted, strict=True):
            setup.fitted = dict(fitted) | setup.fitted

    def take_in(self, member: Member, delivery: Delivery) -> None:
        """What an earlier session, or a killed worker, left. A whole block counts, unless it is
        there, or this session has begun, which may have it measured.
        """
        comparison = self.comparison
        answer = WorkAnswer.read(delivery.answer) if delivery.answer else WorkAnswer()
        counts = answer.block is not None and not self.begun
        wanted = counts and answer.block not in blocks_done(comparison)
        stored = land(comparison.database, delivery, comparison.id, broken=not wanted)
        member.stored.append(delivery.id)
        what = f"block {answer.block}, whole" if wanted else "of a work that broke off"
        if stored:
            self.show.print(f"{member.name} still had {counted(stored, 'trial')}, {what}")

    def fail(self, member: Member, reply: Reply) -> None:
        """It did not do it. One that refused takes no part any more; what was killed is done again,
        maybe there.
        """
        if reply.delivery.trials:
            self.take_in(member, reply.delivery)
        if reply.code in {Exit.USAGE, Exit.BROKEN}:
            self.leave_out(member, reply.said.rpartition("error: ")[2].strip())
        elif member.task is None:
            self.leave_out(member, f"it could not join: exit code {reply.code}: {reply.said}")
        else:
            task, member.task, member.doing = member.task, None, Doing.FREE
            self.do_again(task, member, f"its process ended with exit code {reply.code}")

    def leave_out(self, member: Member, why: str) -> None:
        self.out[member.address] = why
        self.lose(member, why)

    def lose(self, member: Member, why: str) -> None:
        """A machine is gone; its task is done again, by whoever is free."""
        del self.members[member.address]
        self.show.print(f"[bold yellow]{member.name} takes no part:[/] {why}")
        if member.task is not None:
            self.do_again(member.task, member, why)

    def do_again(self, task: Task, member: Member, why: str) -> None:
        """Raises BenchError for one that nobody comes to the end of."""
        self.losses[task] += 1
        sentence = f"{called(task)} was lost with {member.name} and is done again: {why}"
        self.comparison.lost.append(sentence)
        self.show.print(f"[yellow]{sentence}[/]")
        if self.losses[task] > MOST_LOST:
            raise BenchError(f"{called(task)} was lost {self.losses[task]} times, at last: {why}")
        self.again.append(task)

    def decide(self) -> None:
        """Once all have said what they are: the machines that are like most of them are free, or of
        every kind, alike in what is compared.
        """
        here = [each for each in self.members.values() if each.doing is Doing.HERE]
        waited = [each for each in self.members.values() if not each.card]
        if not here or (waited and not self.kinds):
            return
        if not self.kinds:
            cards = {member.address: member.card for member in here}
            first = kinds(cards, COMPARED if self.ground.strata else ALIKE)[0][0]
            self.kinds[self.members[first].kind] = cards[first]
        for member in here:
            self.admit(member)

    def admit(self, member: Member) -> None:
        """As one of those that are alike, or of a kind of its own; or not."""
        first = next(iter(self.kinds.values()))
        if found := unlike(member.card, first, COMPARED if self.ground.strata else ALIKE):
            self.leave_out(member, f"it is unlike the others: {'; '.join(found)}")
            return
        if member.kind not in self.kinds:
            if self.begun:
                self.leave_out(member, f"the blocks began without a {member.kind}")
                return
            self.kinds[member.kind] = member.card
        member.doing = Doing.FREE
        if member.kind:
            self.show.print(f"{member.name} is a {member.kind}")
        for doubt in doubts(member.card, self.kinds[member.kind]):
            self.show.print(f"[yellow]{member.name}:[/] {doubt} of the first machine")

    def check_anybody(self, there: Mapping[str, str]) -> None:
        """Raises BenchError where there was no machine for a minute, of a kind that has to learn;
        or all that are there take no part.
        """
        here = {member.kind for member in self.members.values()}
        missing = {task.kind for task in self.again if isinstance(task, Learn)} - here
        if here and not missing:
            self.seen = time.monotonic()
        elif time.monotonic() - self.seen > NOBODY_S or (there and not self.members):
            why = "".join(f"\n{address}: {reason}" for address, reason in self.out.items())
            raise BenchError(f"no machine is left to measure on{why or ': the cluster has none'}")

    def left(self) -> float:
        """Seconds still to go, roughly."""
        each_s = statistics.median(self.took) if self.took else self.guess_s
        return ceil((self.show.expected - self.show.done) / max(1, len(self.members))) * each_s

    @property
    def guess_s(self) -> float:
        return Forecast().expects_s(self.comparison.planned_block())

    def wait_for_all(self) -> None:
        """Until every machine that is there now is one of us, or is not."""
        while not self.free():
            self.look()
            time.sleep(LOOK_S)

    def say_good_bye(self) -> None:
        """Let machines forget what is stored; one that does not hear it is asked again."""
        for member in self.members.values():
            if member.seat is not None and member.stored and member.waits is None:
                with suppress(Exception):
                    member.seat.forget(member.stored).result(timeout=LEAVING_S)
