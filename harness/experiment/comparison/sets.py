"""Whether the arms of a block work at once, each on cores of its own, or in turns on all."""

from harness.experiment.comparison.comparison import Comparison
from harness.machine.cores import OWN, Cores, cores, disjoint, quota_cores
from harness.scenario.catalogue import Load, is_open_loop
from harness.trial.cell import wanted

PARENT, BROKER = 1, 1  # beside the worker processes: who starts them may feed them


def core_sets(comparison: Comparison) -> tuple[Cores, ...]:
    """Of this machine, one for each arm of a block; none where it has too few cores, or where no
    load is of the kind, or where each worker is to stay on a core of its own.
    """
    if comparison.pinned or not loads_at_once(comparison):
        return ()
    return disjoint(comparison.side_by_side, needs(comparison), cores(), quota_cores())


def loads_at_once(comparison: Comparison) -> list[Load]:
    """Those whose arms take turns within seconds: an open loop's have segments."""
    return [
        load
        for load in comparison.loads()
        if comparison.takes_turns(load) and not is_open_loop(comparison.scenarios[load[0]])
    ]


def needs(comparison: Comparison) -> int:
    """Cores that are enough for each of the arms, as far as is known before: one for each worker
    process, one for their parent and one for the broker.
    """
    described = (
        setup.descriptions[wanted(load[0], comparison.point(load).wants)]
        for setup in comparison.setups
        for load in loads_at_once(comparison)
    )
    processes = [each.topology.processes for each in described if each.topology]
    return max(processes, default=0) + PARENT + BROKER


def in_words(comparison: Comparison) -> str:
    """How the arms share the machine, and why; empty where they do not meet."""
    if not loads_at_once(comparison):
        return ""
    if comparison.sets:
        places = " and ".join(map(span, comparison.sets))
        return f"the arms work at once, on cores {places}, which they swap several times a second"
    if comparison.pinned:
        return "the arms take turns of a fraction of a second: with --pin they are never at once"
    each = needs(comparison)
    wanted_cores = comparison.side_by_side * each + OWN
    return (
        f"the arms take turns of a fraction of a second: to work at once, each on {each} cores of "
        f"its own, would take {wanted_cores} with the harness's, and here are "
        f"{min(len(cores()), quota_cores()):g}"
    )


def span(numbers: Cores) -> str:
    """As the kernel writes a list: ``0-3`` where there is no gap."""
    first, last = min(numbers), max(numbers)
    whole = last - first + 1 == len(numbers) > 1
    return f"{first}-{last}" if whole else ",".join(map(str, sorted(numbers)))
