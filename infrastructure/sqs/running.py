"""A running SQS server, ours or a given one, as the harness sees any broker."""

import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from infrastructure.errors import BrokerGap, TrialFailed
from infrastructure.processes.child import Child
from infrastructure.service import SPOILED, Depth, Known
from infrastructure.sqs.client import client_of
from infrastructure.sqs.emulator import ask, wait_ready
from infrastructure.sqs.queues import ATTRIBUTE, code_of, counts_of, url_of

# The service refuses a name for 60 s after a queue of that name was deleted.
NAME_FREE_S = 70.0
NAME_POLL_S = 2.0
JUST_DELETED = {"QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently"}


class Sqs(Known):
    """A running server and a client of our own for it, used for queues, depth and counters."""

    sees_in_flight = True

    def __init__(
        self,
        url: str,
        process: Child | None,
        version: str,
        config_hash: str,
        keys: Sequence[str] = (),
    ) -> None:
        super().__init__(url, version, config_hash, process, keys)
        self.again: Callable[[], Child] | None = None  # starts the same server once more
        self._client = client_of(url)
        self._urls: dict[str, str] = {}  # of queues seen, by name

    def create(self, queues: Sequence[str]) -> None:
        """Standard queues with default attributes; waits while a name is not free yet."""
        deadline = time.monotonic() + NAME_FREE_S
        for name in queues:
            while not self._created(name):
                if time.monotonic() > deadline:
                    raise TrialFailed(
                        f"the queue {name} was deleted, and its name is not free after "
                        f"{NAME_FREE_S:.0f} s"
                    )
                time.sleep(NAME_POLL_S)

    def _created(self, name: str) -> bool:
        try:
            self._urls[name] = self._client.create_queue(QueueName=name)["QueueUrl"]
        except ClientError as error:
            if code_of(error) in JUST_DELETED:
                return False
            raise TrialFailed(f"cannot create the queue {name}: {error}") from None
        return True

    def depth(self, names: Mapping[str, Sequence[str]]) -> Depth:
        """``names`` are queues. The real service counts them approximately, up to a minute late."""
        queues = dict.fromkeys(name for group in names.values() for name in group)
        counts = {name: counts_of(self._client, name, self._urls) for name in queues}
        return Depth(
            **{
                kind: sum(counts[name].get(kind, 0) for name in names.get(kind, ()))
                for kind in ATTRIBUTE
            }
        )

    def spoil(self, name: str) -> None:
        """As text, the only thing that it takes."""
        url = self._urls.get(name) or self._client.get_queue_url(QueueName=name)["QueueUrl"]
        self._client.send_message(QueueUrl=url, MessageBody=SPOILED.decode(errors="replace"))

    def commands(self) -> dict[str, int]:
        """Requests by action, without our own; a given server does not count them."""
        if self.process is None:
            return {}
        counts: dict[str, int] = ask(self._port, "GET", "/_bench")["commands"]
        return counts

    @property
    def _port(self) -> int:
        return urlsplit(self.url).port or 0

    def late_commands(self) -> dict[str, int]:
        """It tells all at once."""
        return {}

    def traffic(self) -> None:
        """It does not count."""

    def wal(self) -> None:
        """It has no log."""

    def cut_connections(self) -> None:
        """Requests that wait for messages break off too; a client sends the next one anew."""
        if self.process is None:
            raise BrokerGap("a given SQS server does not let us cut connections")
        ask(self._port, "POST", "/_bench/cut")

    def restart(self, after_s: float) -> Child:
        """End the server, and start it again on the same port after that; the new process.

        Raises BrokerGap for a given server, TrialFailed when it does not come back.
        """
        if self.process is None or self.again is None:
            raise BrokerGap("a given server is not ours to restart")
        self.process.stop()
        time.sleep(after_s)
        self.process = self.again()
        if not wait_ready(self.process, self._port):
            raise TrialFailed(f"the broker did not come back: {self.process.tail()}")
        return self.process

    def memory(self) -> None:
        """It does not say."""

    def stored(self) -> None:
        """It does not say."""

    def keys(self) -> int | None:
        """Messages in all queues; on a given server in those that the framework uses, None where
        it names none.
        """
        if self.process is None and not self._keys:
            return None
        names = self._keys if self.process is None else self._all_queues()
        return self.depth(dict.fromkeys(ATTRIBUTE, names)).total

    def _all_queues(self) -> list[str]:
        pages = self._client.get_paginator("list_queues").paginate()
        return [url.rsplit("/", 1)[1] for page in pages for url in page.get("QueueUrls", ())]

    def stop(self) -> None:
        """End a server of ours; delete from a given one the queues of the framework, no other."""
        if self.process is None:
            for name in self._keys:
                if (queue := url_of(self._client, name)) is not None:
                    self._client.delete_queue(QueueUrl=queue)
        self._client.close()
        if self.process is not None:
            self.process.stop()
