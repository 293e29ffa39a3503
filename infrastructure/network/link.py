"""The way to a broker through a network of a stated delay."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from infrastructure.errors import BrokerGap
from infrastructure.network.counts import Counts
from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.servers import of_ours, start_on_free_port

COUNTS = "network.counts"
HERE = {"127.0.0.1", "localhost"}
ENCRYPTED = {"rediss", "amqps", "https"}


@dataclass(frozen=True)
class Link:
    """``url``: the broker's address for whoever is beyond the network. ``child``: what delays."""

    url: str
    child: Child
    counted: Path

    def counts(self) -> Counts:
        """What went through it so far."""
        return Counts.read(self.counted)


def start_link(folder: TrialFolder, url: str, round_trip_ms: float) -> Link:
    """Put a network before the broker at ``url``, half of the round trip each way. Raises
    BrokerGap for a broker that is on another machine or speaks TLS, TrialFailed.
    """
    parts = urlsplit(url)
    if parts.hostname not in HERE or parts.port is None or parts.scheme in ENCRYPTED:
        raise BrokerGap(
            "a delay is put before a broker of this machine that speaks without TLS: a given one "
            "elsewhere has a network of its own"
        )
    counted, one_way_ns = folder.path / COUNTS, round(round_trip_ms * 1e6 / 2)
    words = (str(parts.port), str(one_way_ns), str(counted))

    def answering(port: int, child: Child) -> Link | None:
        return Link(beyond(url, port), child, counted) if counted.exists() else None

    begin = of_ours("infrastructure.network.proxy", Role.NETWORK, folder, *words)
    return start_on_free_port(begin, answering, "the network")


def beyond(url: str, port: int) -> str:
    """The address with another port."""
    netloc = urlsplit(url).netloc.rpartition(":")[0]
    return urlsplit(url)._replace(netloc=f"{netloc}:{port}").geturl()
