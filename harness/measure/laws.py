"""Laws that no true trial can break: METHOD 10. A framework that breaks one is void, by its name.

Each is arithmetic on what a trial recorded. None asks how fast anything was, so none depends on
the machine; tolerances cover clocks and samples, and say which.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from harness.measure.accounting import count_inversions
from harness.measure.layouts import Array, kind_number
from harness.measure.records import Records
from harness.measure.sampler import DEPTH_SHARE
from infrastructure.service import Depth
from tasks.records import KINDS, OK

NAP_EARLY_NS = 1_500_000  # libuv's timers come up to a millisecond early
BEHIND_NS = 25_000_000  # an acknowledged send may take so long to show in a count of the broker
LEAST_LOOKS = 3
# Of all pairs. Workers that hold a share each and come one after the other have a quarter, or up to
# a half where there are many; a queue read backwards has 1.
DISORDER = 0.6
LEAST_ORDERED = 50  # tasks
# Tasks per worker, and seconds, for a share to say something: one that waits for a poll while the
# others drain a short backlog is not idle.
LEAST_EACH, LEAST_S = 100, 1.0
STARVED = 0.05  # of a fair share
SWIFT = 2.0  # times the speed of a bare body: one that a neighbour slowed down, and no longer does


@dataclass(frozen=True)
class Closed:
    """A stretch in which a gate held every slot, ns: from its last task inside to its opening."""

    begin: int
    end: int


@dataclass(frozen=True)
class Evidence:
    """What a trial is held against.

    ``phases``: its records. ``slots``, ``processes``, ``prefetch``: of its topology (0 reserved: no
    limit). ``shown``: whether the broker counts what is reserved too, until the task is done.
    ``strangers``: processes of other roles than workers, or of none. ``workers``: by process, the
    worker (a command of the arm, with all its children) that it belongs to. ``gates``: when nobody
    could take a task. ``depths``: the broker's counts with the instant before it was asked, ns.
    ``naps``: by phase, the microseconds that each task was to sleep, by its number. ``work_s``: CPU
    seconds that no task of the load can do without (0: unknown), on so many ``cores``; ``still_s``:
    for so long meanwhile the arm stood still between its turns. ``proof``: numbers, within the
    phase ``gate``, of tasks that one producer sent to one queue, one after the other.
    ``clocks_ns``: by how much stamps of producers and workers may be apart, on hosts of their own.
    ``outside``: processes of the trial that belong to no role. ``lived``: whether every worker did,
    from its start to the end. ``api_ns``: after what time the mock API answers. ``failures``:
    by the number of a load task, how often it was told to fail. ``answers``: by that number, when
    somebody was told that it had succeeded, ns. ``planned``: tasks of the load that producers were
    told to send (0: unknown); ``offsets``: when each was to be, ns from some start, empty where no
    schedule was kept on this clock.
    """

    phases: Mapping[str, Records]
    slots: int
    processes: int
    prefetch: int
    shown: bool = True
    strangers: frozenset[int] = frozenset()
    workers: Mapping[int, int] = field(default_factory=dict)
    gates: Sequence[Closed] = ()
    depths: Sequence[tuple[int, Depth]] = ()
    naps: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    proof: tuple[int, int] = (0, 0)
    work_s: float = 0.0
    still_s: float = 0.0
    cores: int = 1
    clocks_ns: int = 0
    outside: frozenset[int] = frozenset()
    lived: bool = True
    api_ns: int = 0
    failures: Mapping[int, int] = field(default_factory=dict)
    answers: Mapping[int, int] = field(default_factory=dict)
    planned: int = 0
    offsets: Array = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True)
class Law:
    """``check`` returns what was found against it, None where it holds."""

    name: str
    sentence: str
    check: Callable[[Evidence], str | None]


def with_sends(records: Records) -> tuple[Array, Array]:
    """Attempts, and beside each the send of its task; attempts of unknown tasks are left out."""
    sends, runs = records.sends, records.runs
    if not len(sends) or not len(runs):
        return runs[:0], sends[:0]
    place = np.searchsorted(sends["seq"], runs["seq"]).clip(max=len(sends) - 1)
    known = sends["seq"][place] == runs["seq"]
    return runs[known], sends[place[known]]


def counted(wrong: Mapping[str, int], of: int) -> str | None:
    """``load: 3, warmup: 1 of 400``, None when nothing is wrong."""
    found = ", ".join(f"{phase}: {count}" for phase, count in wrong.items() if count)
    return f"{found} of {of} attempts" if found else None


def against_sends(evidence: Evidence, wrong: Callable[[Array, Array], Array]) -> str | None:
    """Attempts that are wrong beside their sends, counted by phase."""
    pairs = {phase: with_sends(records) for phase, records in evidence.phases.items()}
    found = {phase: int(np.sum(wrong(runs, sends))) for phase, (runs, sends) in pairs.items()}
    return counted(found, sum(len(runs) for runs, _ in pairs.values()))


def before_its_send(evidence: Evidence) -> str | None:
    slack = evidence.clocks_ns
    return against_sends(evidence, lambda runs, sends: runs["start"] + slack < sends["send"])


def another_kind(evidence: Evidence) -> str | None:
    def first() -> Iterator[str]:
        for records in evidence.phases.values():
            runs, sends = with_sends(records)
            for run, send in zip(
                *(x[runs["kind"] != sends["kind"]] for x in (runs, sends)), strict=True
            ):
                yield f"{KINDS[send['kind']]} was sent, {KINDS[run['kind']]} ran"

    found = against_sends(evidence, lambda runs, sends: runs["kind"] != sends["kind"])
    return found and f"{found}: {next(first())}"


def ends_before_it_starts(evidence: Evidence) -> str | None:
    attempts = {phase: records.runs for phase, records in evidence.phases.items()}
    found = {phase: int(np.sum(runs["end"] < runs["start"])) for phase, runs in attempts.items()}
    return counted(found, sum(map(len, attempts.values())))


def not_as_planned(evidence: Evidence) -> str | None:
    """What the load generator left out, or meant for another time than it was told."""
    sends = evidence.phases["load"].sends
    if missing := max(0, evidence.planned - len(np.unique(sends["seq"]))):
        return f"{missing} of {evidence.planned} tasks without a send"
    if not len(evidence.offsets):
        return None
    moved = np.ptp(sends["intended"] - evidence.offsets) if len(sends) else 0
    return f"a schedule that was moved by up to {moved / 1e6:.3f} ms" if moved else None


def outside_the_workers(evidence: Evidence) -> str | None:
    pids = {int(p) for records in evidence.phases.values() for p in np.unique(records.runs["pid"])}
    found = sorted(pids & evidence.strangers)
    return named(found)


def in_no_role(evidence: Evidence) -> str | None:
    return named(sorted(evidence.outside))


def named(pids: Sequence[int]) -> str | None:
    return f"process {', '.join(map(str, pids))}" if pids else None


def through_a_closed_gate(evidence: Evidence) -> str | None:
    runs, sends = with_sends(evidence.phases["load"])
    wrong = np.zeros(len(runs), dtype=bool)
    for gate in evidence.gates:
        wrong |= (
            (sends["send"] > gate.begin)
            & (runs["start"] + evidence.clocks_ns < gate.end)
            & (sends["ack"] < gate.end)
        )
    return counted({"load": int(np.sum(wrong))}, len(runs))


def most_at_a_time(runs: Array) -> int:
    """Attempts that overlap at some instant; one may start in the instant in which another ends."""
    if not len(runs):
        return 0
    at = np.concatenate([runs["start"], runs["end"]])
    step = np.concatenate([np.ones(len(runs), int), -np.ones(len(runs), int)])
    return int(np.cumsum(step[np.lexsort((step, at))]).max())


def more_than_slots(evidence: Evidence) -> str | None:
    most = most_at_a_time(np.concatenate([r.runs for r in evidence.phases.values()]))
    return f"{most} at a time, asked {evidence.slots}" if most > evidence.slots else None


def too_short_a_nap(evidence: Evidence) -> str | None:
    """A nap, or a call of an API that answers after a stated time: half of that will do, since its
    timers begin when its event loop last looked at the clock.
    """
    found = {}
    for phase, records in evidence.phases.items():
        done = records.runs[records.runs["outcome"] == OK]
        napped, called = (done["kind"] == kind_number(kind) for kind in ("nap", "http"))
        asked = evidence.naps.get(phase, {})
        wanted = np.where(called, evidence.api_ns // 2, 0)
        wanted[napped] = [1000 * asked.get(int(seq), 0) for seq in done["seq"][napped]]
        found[phase] = int(np.sum(done["end"] - done["start"] < wanted - NAP_EARLY_NS))
    return counted(found, sum(len(evidence.phases[phase].runs) for phase in found))


def too_fast(evidence: Evidence) -> str | None:
    """Work done in less time than the slots and the cores have, were they never idle.

    Each task computes between its stamps, in one thread, so what all of them take by CPU time fits
    into the time from the first start to the last end as often as there are slots.
    """
    runs = evidence.phases["load"].runs
    done = runs[runs["outcome"] == OK]
    if not len(done) or not evidence.work_s:
        return None
    took_s = float(done["end"].max() - done["start"].min()) / 1e9 - evidence.still_s
    most = min(evidence.slots, evidence.cores)
    if len(done) * evidence.work_s <= SWIFT * most * took_s:
        return None
    return f"{len(done) * evidence.work_s:.2f} s of work in {took_s:.2f} s by {most} at a time"


def not_at_the_broker(evidence: Evidence) -> str | None:
    """Acknowledged sends that a count of the broker does not show while nobody can take any.

    Held against the middle of several looks behind one gate, so that a look that came late proves
    nothing. Each gate for itself: of few tasks none need be missing.
    """
    if not evidence.prefetch:
        return None
    hidden = 0 if evidence.shown else evidence.prefetch + evidence.slots + 1
    for gate in evidence.gates:
        missing = list(shortfalls(evidence, gate))
        middle = float(np.median(missing)) if len(missing) >= LEAST_LOOKS else 0.0
        if middle > hidden:
            return f"{middle:.0f} missing at most looks of {len(missing)}"
    return None


def shortfalls(evidence: Evidence, gate: Closed) -> Iterator[int]:
    """By look at the broker behind a closed gate: tasks that ought to be there and are not."""
    before = sent_within(evidence.phases, 0, gate.begin) - ended_by(evidence.phases, gate.begin)
    looks = [(at, depth) for at, depth in evidence.depths if gate.begin < at < gate.end]
    for at, depth in looks[:-1]:  # the last may have been answered after the opening
        if sent := sent_within(evidence.phases, gate.begin, at - BEHIND_NS):
            yield before + sent - depth.total


def more_than_asked(evidence: Evidence) -> str | None:
    """Reserved tasks beyond those that the arm may have, while a backlog is drained.

    By the middle of several looks, and where no worker ended: what it held stays counted.
    """
    begun = while_some_wait(evidence)["start"]
    if not (len(begun) and evidence.shown and evidence.lived):
        return None
    low, high = int(begun.min()), int(begun.max())
    looks = [look for look in evidence.depths if low < look[0] < high]
    held = [in_hands(evidence, *look, after) for look, (after, _) in pairwise(looks)]
    middle = float(np.median(held)) if len(held) >= LEAST_LOOKS else 0.0
    if middle <= evidence.prefetch:
        return None
    return f"{middle:.0f} at most looks of {len(held)}, asked {evidence.prefetch}"


def in_hands(evidence: Evidence, at: int, depth: Depth, after: int) -> int:
    """Tasks that workers have and have not ended, at least; ``after``: when the next look was.

    Some frameworks acknowledge many tasks at once: what has ended when the broker answered is
    reserved no more. It took no longer than its share of the time until the next look.
    """
    answered = at + int(DEPTH_SHARE * (after - at)) + evidence.clocks_ns
    unended = sent_within(evidence.phases, 0, at) - ended_by(evidence.phases, answered)
    return min(depth.in_flight, unended - depth.pending - depth.delayed)


def sent_within(phases: Mapping[str, Records], begin: int, end: int) -> int:
    """Sends acknowledged between two instants (ns), of all phases."""
    return sum(
        int(np.sum((s["ack"] > begin) & (s["ack"] <= end) & (s["outcome"] == OK)))
        for s in (records.sends for records in phases.values())
    )


def ended_by(phases: Mapping[str, Records], end: int) -> int:
    """Tasks that had ended once by then (ns), of all phases."""
    return sum(
        len(np.unique(records.runs["seq"][records.runs["end"] <= end]))
        for records in phases.values()
    )


def backwards(evidence: Evidence) -> str | None:
    low, high = evidence.proof
    runs = evidence.phases["gate"].runs
    runs = runs[(runs["seq"] >= low) & (runs["seq"] < high)]
    if len(runs) < LEAST_ORDERED:
        return None
    order = runs["seq"][np.argsort(runs["start"], kind="stable")]
    share = count_inversions(order) / (len(order) * (len(order) - 1) / 2)
    return f"{100 * share:.0f} % of the pairs" if share > DISORDER else None


def renamed(evidence: Evidence) -> str | None:
    runs = evidence.phases["gate"].runs
    failed = runs[(runs["kind"] == kind_number("mark")) & (runs["outcome"] != OK)]
    return counted({"gate": len(np.unique(failed["seq"]))}, len(runs))


def never_failed(evidence: Evidence) -> str | None:
    """Tasks that succeeded although they have not failed as often as they were told to."""
    runs = evidence.phases["load"].runs
    done = np.unique(runs["seq"][runs["outcome"] == OK])
    failed = Counter(runs["seq"][runs["outcome"] != OK].tolist())
    wrong = [seq for seq in done.tolist() if failed[seq] < evidence.failures.get(seq, 0)]
    return counted({"load": len(wrong)}, len(runs))


def before_its_end(evidence: Evidence) -> str | None:
    """Tasks of which somebody heard that they had succeeded before they had."""
    runs = evidence.phases["load"].runs
    done = np.sort(runs[runs["outcome"] == OK], order=["seq", "end"])
    seqs, first = np.unique(done["seq"], return_index=True)
    ends = dict(zip(seqs.tolist(), done["end"][first].tolist(), strict=True))
    early = [s for s, at in evidence.answers.items() if at + evidence.clocks_ns < ends.get(s, at)]
    return counted({"load": len(early)}, len(runs))


LAWS = (
    Law("schedule", "the load is sent as it was planned", not_as_planned),
    Law("cause", "no task starts before it was sent", before_its_send),
    Law("clock", "no task ends before it starts", ends_before_it_starts),
    Law("place", "tasks run in processes of workers only", outside_the_workers),
    Law("role", "every process that a trial starts belongs to a role", in_no_role),
    Law("gate", "no task starts while every slot is held", through_a_closed_gate),
    Law("body", "what runs is the body that was asked", another_kind),
    Law("nap", "a task that sleeps takes as long as it was told to", too_short_a_nap),
    Law("slots", "no more tasks run at a time than there are slots", more_than_slots),
    Law("work", "work takes the time that the processes have for it", too_fast),
    Law("deposit", "what was acknowledged is at the broker", not_at_the_broker),
    Law("reserve", "no more tasks are reserved than was asked", more_than_asked),
    Law("order", "a queue is not read backwards", backwards),
    Law("name", "a task arrives under the number that was sent with it", renamed),
    Law("failure", "a task that is told to fail does", never_failed),
    Law("answer", "no task is said to have succeeded before its end", before_its_end),
)


def broken(evidence: Evidence) -> list[str]:
    """The laws that a trial breaks, each in a sentence with what was found."""
    found = ((law, law.check(evidence)) for law in LAWS)
    return [f"law {law.name} broken: {law.sentence}; found {what}" for law, what in found if what]


def shares(evidence: Evidence) -> dict[int, float]:
    """By worker, its part of a backlog as a share of a fair one.

    A worker, not a process: a pool hands a task to whichever child is free, and where it takes
    longer to hand out than to execute, that is the same one every time. A backlog, since at a low
    rate one worker may take all there is. Empty where shares say nothing: nothing waited behind a
    gate, too few tasks, too short a drain, one worker, or one that was replaced meanwhile.
    """
    workers = evidence.workers
    ready = {workers.get(int(p), 0) for p in np.unique(evidence.phases["ready"].runs["pid"])}
    runs = while_some_wait(evidence)
    if len(ready) < 2 or len(runs) < LEAST_EACH * len(ready):
        return {}
    took = [workers.get(int(p), 0) for p in runs["pid"]]
    if 0 in {*ready, *took} or np.ptp(runs["start"]) < LEAST_S * 1e9:
        return {}
    return {worker: took.count(worker) * len(ready) / len(took) for worker in sorted(ready)}


def while_some_wait(evidence: Evidence) -> Array:
    """Attempts of a backlog since its gate opened, as long as more tasks wait than can be reserved.

    None where a worker may reserve any number.
    """
    sends, runs = evidence.phases["load"].sends, evidence.phases["load"].runs
    if not evidence.gates or not evidence.prefetch:
        return runs[:0]
    opened = evidence.gates[-1].end
    held = sends["seq"][(sends["ack"] < opened) & (sends["outcome"] == OK)]
    begun = np.sort(runs[(runs["start"] >= opened) & np.isin(runs["seq"], held)], order="start")
    found: Array = begun[: max(0, len(begun) - evidence.slots - evidence.prefetch)]
    return found


def starved(evidence: Evidence) -> dict[int, float]:
    """Workers that took a readiness task and less than a twentieth of a fair share after it."""
    return {worker: share for worker, share in shares(evidence).items() if share < STARVED}
