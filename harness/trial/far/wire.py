"""What is said between a trial and a host that is another machine: a request, an answer, news.

All of it is JSON, a message a line: ``{"n": NUMBER, "do": NAME, …}`` is answered by ``{"n": NUMBER,
"found": …}`` or ``{"n": NUMBER, "refused": SENTENCE}``; news come by themselves.
"""

import base64
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Protocol

Message = Mapping[str, Any]
Tell = Callable[[Message], None]

ASK_S = 30.0
NUMBER = "n"
SAID, ENDED, PROGRESS = "said", "ended", "progress"  # news, by what they are about


class Wire(Protocol):
    """The way to a host."""

    def ask(self, request: Message, timeout_s: float) -> Message:
        """The answer. Raises TimeoutError or OSError where none comes."""

    def news_to(self, hear: Tell) -> None:
        """Whom news are told from now on, in a thread of the wire's."""


def packed(data: bytes) -> str:
    """Bytes within a message."""
    return base64.b64encode(zlib.compress(data, 1)).decode()


def unpacked(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))
