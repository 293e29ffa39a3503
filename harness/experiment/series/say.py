"""What a series says before it starts, on the way and when it ends."""

from collections.abc import Iterator, Sequence

from harness.cli.progress import clock
from harness.experiment.series.pairs import InPairs
from harness.experiment.series.prepare import Series
from harness.experiment.series.steps import StepCandidate
from harness.scenario.catalogue import load_words
from harness.trial.plan import Setup
from infrastructure.counted import counted


def show_plan(series: Series, done: Sequence[int]) -> None:
    say = series.console.print
    first, profile = series.setups[0], series.setups[0].arm.profile
    others = len(series.setups) - 1
    say(
        f"[bold]{first.arm.framework}: {others} releases beside {first.arm.version}[/] on "
        f"{first.arm.broker.label} · profile {profile} · seed {series.seed}"
    )
    for setup in series.left_out:
        (described, *_) = setup.descriptions.values()
        say(f"  [cyan]left out:[/] {setup.arm.version} {described.gap}", highlight=False)
    loads = ", ".join(map(load_words, series.loads()))
    left = sum(block not in done for block, _ in series.schedule())
    say(f"{series.blocks} blocks of {loads} for each release, beside the fixed one, in turns")
    say(
        f"about {clock(series.expected_block_s * left)} for {left} blocks, then a fresh look at "
        f"the steps; nothing that would end after {clock(series.max_time_s or 0)} → "
        f"{series.database} · experiment {series.id}"
    )


def show_candidates(series: Series, every: Sequence[StepCandidate]) -> None:
    for each in every:
        series.console.print(each.sentence(series), highlight=False)
    if not every:
        series.console.print("no step between two releases shows")


def show_fresh(again: InPairs) -> None:
    """The fresh look before it starts."""
    most = clock(again.expected_block_s * again.blocks * len(again.pairs))
    again.console.print(
        f"a fresh look at {counted(len(again.pairs), 'step')}: "
        f"{counted(again.blocks, 'new block')} each at most, {counted(again.claims, 'claim')} · "
        f"seed {again.seed} · at most {most} · experiment {again.id}"
    )

    for pair in again.pairs:
        before, after = (again.setups[arm - 1] for arm in pair)
        if others := ", ".join(other_packages(before, after)):
            names = f"{again.name(pair.baseline)} and {again.name(pair.candidate)}"
            again.console.print(f"  [cyan]{names} differ in:[/] {others}", highlight=False)


def other_packages(before: Setup, after: Setup) -> Iterator[str]:
    """The packages beside the framework that two cells do not share: a step may be theirs."""
    old, new = (next(iter(setup.descriptions.values())).packages for setup in (before, after))
    for name in sorted({*old, *new}):
        versions = old.get(name, "none"), new.get(name, "none")
        if versions[0] != versions[1] and versions != (before.arm.version, after.arm.version):
            yield f"{name} {versions[0]} → {versions[1]}"


def say_end(series: Series, *, whole: bool) -> None:
    """What stayed disturbed, and how to go on where time ended before the series did."""
    for sentence in series.redo.said("a load of a block", series.typed):
        series.console.print(f"[bold yellow]{sentence}[/]", highlight=False)
    if not whole:
        series.console.print(
            f"[yellow]time is over before it ended; go on:[/] nox -s series -- "
            f"{series.setups[0].arm.framework} --resume {series.id}",
            highlight=False,
        )
