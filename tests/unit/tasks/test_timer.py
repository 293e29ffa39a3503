"""A coroutine is woken at its instant and never before it, on every event loop."""

import asyncio
import time
from collections.abc import Callable

import pytest
import uvloop

from tasks.timer import RoundedTimer, Timer, make_timer

LOOPS: list[Callable[[], asyncio.AbstractEventLoop]] = [
    asyncio.new_event_loop,
    uvloop.new_event_loop,
]


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("make", [make_timer, Timer, RoundedTimer])
def test_a_waiter_is_woken_once_its_time_has_come(
    loop: Callable[[], asyncio.AbstractEventLoop], make: Callable[[], Timer | RoundedTimer]
) -> None:
    async def wait() -> list[int]:
        timer, late = make(), []
        for _ in range(20):
            due = time.monotonic_ns() + 300_000
            await timer.until(due)
            late.append(time.monotonic_ns() - due)
        timer.close()
        return late

    with asyncio.Runner(loop_factory=loop) as runner:
        late = runner.run(wait())
    rounding = 1_500_000 if make is RoundedTimer else 0  # libuv cuts to whole milliseconds
    assert min(late) >= -rounding


def test_a_time_that_has_passed_is_not_waited_for() -> None:
    async def wait() -> None:
        timer = Timer()
        await asyncio.wait_for(timer.until(0), 5)
        await asyncio.wait_for(timer.until(time.monotonic_ns() - 1), 5)
        timer.close()

    asyncio.run(wait())
