"""Starting brokers that stay."""

import shlex
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from harness.cli.matrix import Matrix
from harness.machine.standing.actions import each, waiting
from harness.machine.standing.broker import Standing
from harness.machine.standing.down import clear
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BenchError, UsageError
from infrastructure.names import NAMES
from infrastructure.processes.born import Born, born
from infrastructure.processes.folder import TrialFolder


def up(place: Path, matrix: Matrix, asked: Sequence[str], provider: str, *, relaxed: bool) -> int:
    """Start what is asked for, or all that are offered so, one after the other; 1 when one is not
    up afterwards. Raises UsageError for one that is asked for and not offered.
    """
    choices = [BrokerChoice(name, provider, relaxed=relaxed) for name in asked or NAMES]
    if asked:
        for choice in choices:
            choice.check_offered()
    else:
        choices = [choice for choice in choices if offered(choice)]
    return each({choice.name: bring_up(place, matrix, choice) for choice in choices})


def offered(choice: BrokerChoice) -> bool:
    try:
        choice.check_offered()
    except UsageError:
        return False
    return True


def bring_up(place: Path, matrix: Matrix, choice: BrokerChoice) -> Callable[[], None]:
    def act() -> None:
        folder = place / choice.name
        standing = Standing.read(folder)
        if standing is not None and standing.lives(folder):
            check_same(choice, standing)
            print(f"{choice.name} is already running: {describe(standing)}")
        else:
            if folder.exists():
                print(f"{choice.name}: removing what one left that ended without `down`")
                clear(folder)
            settled = choice.settled()
            with waiting(f"starting {choice.name} ({settled.provider})"):
                standing = start(place, settled)
            print(f"{choice.name} is running: {describe(standing)}")
        print(f"  {standing.url}\n" + use(matrix, standing))

    return act


def check_same(choice: BrokerChoice, standing: Standing) -> None:
    """Raises BenchError when another one stands than the one asked for."""
    other = choice.provider not in {"auto", standing.provider}
    if other or choice.relaxed != standing.relaxed:
        raise BenchError(
            f"another one is already running: {describe(standing)}; "
            f"end it first: nox -s infra -- down {choice.name}"
        )


def describe(standing: Standing) -> str:
    durability = ", durability relaxed" if standing.relaxed else ""
    process = f", process {standing.pid}" if standing.pid is not None else ""
    return f"{standing.version} ({standing.provider}{durability}){process}"


def use(matrix: Matrix, standing: Standing) -> str:
    """What to type to measure with it, and to end it."""
    python = "{}.{}".format(*sys.version_info)
    known = dict.fromkeys([*matrix.quickstart, *matrix.frameworks])
    able = [name for name in known if standing.broker in matrix.frameworks[name].brokers]
    lines = [f"  end it:  nox -s infra -- down {standing.broker}"]
    if able:
        options = f"--broker {standing.broker} --provider url --broker-url"
        bench = f'nox -s "bench-{python}({able[0]})" -- {options} {shlex.quote(standing.url)}'
        lines.insert(0, f"  use it:  {bench}")
    return "\n".join(lines)


def start(place: Path, choice: BrokerChoice) -> Standing:
    """Start it in a folder of its own; nothing is left when that fails. Raises TrialFailed."""
    folder = TrialFolder.create(place, choice.name, {}, stays=True)
    try:
        broker = choice.start(folder, {}, durable=True)
        pid = broker.process.pid if broker.process is not None else None
        began = str((born(pid) or Born.now()) if pid is not None else "")
        served = (choice.name, choice.provider, choice.relaxed, broker.version, broker.url)
        standing = Standing(*served, pid, began, time.time())
        standing.write(folder.path)
    except BaseException:
        clear(folder.path)
        raise
    finally:
        folder.release()
    return standing
