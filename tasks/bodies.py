"""What a task does: one body a kind, in a sync and an async form of equal work.

Those of no work are here, the others in ``tasks.work``.
"""

import asyncio
import time
from pathlib import Path

from tasks import orders, own, poison, work
from tasks.records import PHASE_SHIFT
from tasks.work import AsyncBody, Body, Site

GATE_POLL_S = 0.002
SEQ_MASK = (1 << PHASE_SHIFT) - 1


def noop(_site: Site, _seq: int, _arg: int) -> None:
    """Nothing: what is left is the cost of the queue."""


async def noop_async(_site: Site, _seq: int, _arg: int) -> None:
    """Nothing, as a coroutine."""


def nap(_site: Site, _seq: int, arg: int) -> None:
    """Sleep for ``arg`` microseconds."""
    time.sleep(arg / 1e6)


async def nap_async(_site: Site, _seq: int, arg: int) -> None:
    """Sleep for ``arg`` microseconds without holding the event loop."""
    await asyncio.sleep(arg / 1e6)


def _enter_gate(records: Path, seq: int, number: int) -> Path:
    (records / f"gate-{number}-{seq}.in").touch()
    return records / f"gate-{number}.open"


def gate(site: Site, seq: int, arg: int) -> None:
    """Hold the slot until the host opens gate number ``arg``.

    With every slot held the workers are off although they are warm and connected: a backlog
    can be loaded without anybody draining it.
    """
    opened = _enter_gate(site.records, seq, arg)
    while not opened.exists():
        time.sleep(GATE_POLL_S)


async def gate_async(site: Site, seq: int, arg: int) -> None:
    """Hold the slot until the host opens gate ``arg``, without holding the event loop."""
    opened = _enter_gate(site.records, seq, arg)
    while not opened.exists():  # noqa: ASYNC110  another process opens it
        await asyncio.sleep(GATE_POLL_S)


def mark(_site: Site, seq: int, number: int) -> None:
    """Raise unless the task arrives under the number that was sent with it."""
    if seq & SEQ_MASK != number:
        raise ValueError(f"task {number} arrived under the number {seq & SEQ_MASK}")


# Of one form: nothing in them waits.
INLINE: dict[str, Body] = {
    "pbkdf2": work.pbkdf2, "spin": work.spin, "parse": work.parse, "digest": work.digest,
    "carry": work.carry, "flaky": work.flaky, "mark": mark,
}  # fmt: skip

# In the order of records.KINDS; a test compares the two.
SYNC: dict[str, Body] = {
    "noop": noop, "nap": nap, "gate": gate, "http": work.http, **INLINE,
    "validate": orders.validate, "charge": orders.charge, "email": orders.email,
    "inventory": orders.inventory, "model": work.model, "own": own.run,
    "explode": poison.explode, "hang": poison.hang, "leave": poison.leave,
    "vanish": poison.vanish,
}  # fmt: skip
ASYNC: dict[str, AsyncBody] = {
    "noop": noop_async, "nap": nap_async, "gate": gate_async, "http": work.http_async,
    **{kind: work.inline(body) for kind, body in INLINE.items()},
    "validate": orders.validate_async, "charge": orders.charge_async,
    "email": orders.email_async, "inventory": orders.inventory_async, "model": work.model_async,
    "own": own.run_async, "explode": poison.explode_async, "hang": poison.hang_async,
    "leave": poison.leave_async, "vanish": poison.vanish_async,
}  # fmt: skip
