"""Which service serves a broker's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.folder import TrialFolder
from infrastructure import redis, stub
from infrastructure.service import Broker


@dataclass(frozen=True)
class BrokerChoice:
    """A broker and where it comes from (``embedded``, ``native``, ``url``)."""

    name: str
    provider: str
    url: str | None = None
    yes_flush: bool = False

    def check(self) -> None:
        """Raise UsageError or BenchError now rather than in the first trial."""
        if self.name != "redis":
            return
        match self.provider:
            case "embedded":
                redis.embedded_binary()
            case "native":
                redis.native_binary()
            case "url":
                redis.connect(self.url or "", flush=self.yes_flush).stop()

    def start(
        self, folder: TrialFolder, options: Mapping[str, Any], keys: Sequence[str] = (),
        durable: bool = False,
    ) -> Broker:  # fmt: skip
        """A fresh broker for one trial; ``keys``: what the framework makes; ``durable``: what it
        holds survives a restart (a given server is as it is). Raises TrialFailed.
        """
        if self.name == "stub":
            return stub.start_stub(folder, options)
        if self.provider == "url":
            # It was empty (or emptied) at the start of the session, and every trial takes its keys
            # away: what is there now is somebody else's, whatever was allowed then.
            return redis.connect(self.url or "", keys, flush=False)
        binary = redis.native_binary() if self.provider == "native" else redis.embedded_binary()
        return redis.start_server(binary, folder, redis.DURABLE if durable else {})
