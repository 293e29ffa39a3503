"""The stub's broker: ``python -m tasks.stub_queue PORT [ADDRESS]``, a FIFO over a local socket.

One JSON array a line. A producer sends ``["put", [seq, kind, arg]]`` and gets
``"ok"``; a worker sends ``["get"]``, is answered when there is a task, and confirms with
``["ack"]``; a wrong worker asks for the ``["newest"]``. ``["depth"]`` gives pending and in-flight
counts, ``["commands"]`` the counts of commands served. ``["break", {...}]`` arms one
defect on load tasks (see ``Defects``).
"""

import asyncio
import inspect
import json
import sys
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from tasks.records import PHASE_SHIFT, PHASES

LOAD = PHASES.index("load")
TAKING = {"get", "newest"}


@dataclass
class Defects:
    """Faults a queue could have, on purpose: every n-th load task is lost, doubled or swapped."""

    drop_every: int = 0
    duplicate_every: int = 0
    swap_every: int = 0

    def apply(self, queue: deque[Any], item: list[Any]) -> int:
        """Put the item as the defect has it; returns how many entries the queue gained."""
        phase, seq = item[0] >> PHASE_SHIFT, item[0] & ((1 << PHASE_SHIFT) - 1)
        nth = seq + 1
        if phase != LOAD:
            queue.append(item)
            return 1
        if self.drop_every and nth % self.drop_every == 0:
            return 0
        if self.swap_every and nth % self.swap_every == 0 and queue:
            queue.insert(len(queue) - 1, item)
            return 1
        queue.append(item)
        if self.duplicate_every and nth % self.duplicate_every == 0:
            queue.append(item)
            return 2
        return 1


@dataclass
class Queue:
    """The FIFO and those who wait for it."""

    items: deque[Any] = field(default_factory=deque)
    available: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    in_flight: int = 0
    commands: Counter[str] = field(default_factory=Counter)
    defects: Defects = field(default_factory=Defects)

    def put(self, item: list[Any]) -> str:
        for _ in range(self.defects.apply(self.items, item)):
            self.available.release()
        return "ok"

    async def get(self, *, newest: bool = False) -> Any:
        await self.available.acquire()
        self.in_flight += 1
        return self.items.pop() if newest else self.items.popleft()

    def give_back(self, item: list[Any]) -> None:
        """Who asked for it has gone."""
        self.in_flight -= 1
        self.items.appendleft(item)
        self.available.release()

    def ack(self) -> str:
        self.in_flight -= 1
        return "ok"

    def depth(self) -> dict[str, int]:
        return {"pending": len(self.items), "in_flight": self.in_flight, "delayed": 0}

    def arm(self, defects: dict[str, int]) -> str:
        self.defects = Defects(**defects)
        return "ok"

    async def answer(self, command: str, *arguments: Any) -> Any:
        """Raises KeyError for a command that there is not."""
        self.commands[command] += 1
        do: dict[str, Any] = {
            "put": self.put,
            "get": self.get,
            "newest": lambda: self.get(newest=True),
            "ack": self.ack,
            "depth": self.depth,
            "commands": lambda: dict(self.commands),
            "break": self.arm,
        }
        found = do[command](*arguments)
        return await found if inspect.isawaitable(found) else found


async def serve(port: int, address: str = "127.0.0.1") -> None:
    queue = Queue()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                command, *rest = json.loads(line)
                answer = await queue.answer(command, *rest)
                if command in TAKING and reader.at_eof():
                    queue.give_back(answer)
                    return
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            return  # a killed client is what recovery tests do; its in-flight task stays counted
        finally:
            writer.close()

    server = await asyncio.start_server(client, address, port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), *sys.argv[2:]))
