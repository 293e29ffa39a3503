"""Settings that a worker keeps in no object are read from its running coroutine."""

import asyncio

import pytest

from tasks.live import arguments


async def serve(batch: int, stop: asyncio.Event) -> int:
    await stop.wait()
    return batch


def test_a_running_coroutine_says_what_it_was_called_with() -> None:
    async def ask() -> None:
        stop = asyncio.Event()
        one = asyncio.create_task(serve(7, stop))
        await asyncio.sleep(0)
        assert arguments("serve")["batch"] == 7
        another = asyncio.create_task(serve(8, stop))
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="expected one running serve, found 2"):
            arguments("serve")
        stop.set()
        assert await one + await another == 15

    asyncio.run(ask())
    with pytest.raises(RuntimeError, match="found 0"):
        arguments("serve")
