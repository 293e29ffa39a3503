"""Brokers: private, pinned, ours to empty, and gone afterwards."""

import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import redis

from harness.errors import TrialFailed, UsageError
from harness.folder import TrialFolder
from infrastructure import redis as redis_service
from infrastructure import service
from infrastructure.brokers import BrokerChoice
from infrastructure.service import Broker, free_port
from tests.conftest import missing

pytestmark = pytest.mark.integration
NAMES = {"pending": ["list:q"], "in_flight": ["hash:h"], "delayed": ["zset:z"]}


@pytest.fixture
def broker(folder: TrialFolder) -> Iterator[Broker]:
    started = BrokerChoice("redis", "embedded").start(folder, {})
    yield started
    started.stop()


def client(broker: Broker) -> "redis.Redis":
    return redis.Redis.from_url(broker.url)


def listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


def test_the_embedded_broker_is_private_and_keeps_nothing(
    broker: Broker, folder: TrialFolder
) -> None:
    assert broker.process is not None
    process = psutil.Process(broker.process.pid)
    assert {c.laddr.ip for c in process.net_connections() if c.status == "LISTEN"} == {"127.0.0.1"}
    with client(broker) as ours:
        assert ours.config_get("save") == {"save": ""}
        assert ours.config_get("appendonly") == {"appendonly": "no"}
        ours.set("x", "y")
    broker.stop()
    assert not process.is_running()
    assert not listens(broker.url)
    assert not list(folder.path.glob("*.rdb"))


def test_depth_and_commands_leave_out_our_own_looks(broker: Broker) -> None:
    with client(broker) as ours:
        ours.lpush("q", 1, 2, 3)
        ours.hset("h", "a", 1)
        ours.zadd("z", {"later": 1})
        ours.llen("q")
    for _ in range(5):
        depth = broker.depth(NAMES)
    assert (depth.pending, depth.in_flight, depth.delayed, depth.total) == (3, 1, 1, 5)
    counts = broker.commands()
    assert (counts["lpush"], counts["llen"], counts.get("hlen", 0)) == (1, 1, 0)


def test_two_servers_of_one_configuration_share_its_hash(tmp_path: Path, broker: Broker) -> None:
    other = TrialFolder.create(tmp_path / "spool", "other", {})
    twin = BrokerChoice("redis", "embedded").start(other, {})
    try:
        assert twin.config_hash == broker.config_hash
        assert twin.url != broker.url
        with client(twin) as ours:
            ours.config_set("hz", "42")
        changed = redis_service.Redis(twin.url, None)
        assert changed.config_hash != broker.config_hash
        changed.stop()
    finally:
        twin.stop()
        other.remove()


def test_ten_starts_and_stops_leave_nothing(folder: TrialFolder) -> None:
    for _ in range(10):
        started = BrokerChoice("redis", "embedded").start(folder, {})
        started.stop()
        assert not listens(started.url)


def test_a_taken_port_is_tried_again(folder: TrialFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = iter([taken.getsockname()[1], free_port()])
        monkeypatch.setattr(service, "free_port", lambda: next(ports))
        started = BrokerChoice("redis", "embedded").start(folder, {})
        started.stop()


def test_a_server_that_cannot_start_says_why(
    folder: TrialFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(redis_service.CONFIG, "maxmemory", "nonsense")
    with pytest.raises(TrialFailed, match="did not start"):
        BrokerChoice("redis", "embedded").start(folder, {})


def test_the_native_provider_uses_an_installed_server(folder: TrialFolder) -> None:
    if not (shutil.which("redis-server") or shutil.which("valkey-server")):
        missing("redis-server")
    BrokerChoice("redis", "native").settled()
    started = BrokerChoice("redis", "native").start(folder, {})
    assert started.version.split()[0] in {"redis", "valkey"}
    started.stop()


def test_no_native_server_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(UsageError, match="apt-get install redis-server"):
        BrokerChoice("redis", "native").settled()


def test_a_given_server_with_data_is_refused_and_left_alone(broker: Broker) -> None:
    with client(broker) as theirs:
        theirs.set("precious", "1")
        with pytest.raises(UsageError, match="holds 1 key"):
            BrokerChoice("redis", "url", broker.url).settled()
        assert theirs.get("precious") == b"1"
        BrokerChoice("redis", "url", broker.url, yes_flush=True).settled()
        assert theirs.dbsize() == 0


@pytest.mark.parametrize("flush", [False, True])
def test_data_that_appears_between_trials_is_not_flushed(
    broker: Broker, folder: TrialFolder, *, flush: bool
) -> None:
    given = BrokerChoice("redis", "url", broker.url, yes_flush=flush)
    given.settled()
    with client(broker) as theirs:
        theirs.set("precious", "1")
        with pytest.raises(UsageError, match="holds 1 key"):
            given.start(folder, {})
        assert theirs.get("precious") == b"1"


def test_a_given_server_loses_only_what_the_framework_left(
    broker: Broker, folder: TrialFolder
) -> None:
    used = BrokerChoice("redis", "url", broker.url).start(folder, {}, ["queue:*"])
    with client(broker) as theirs:
        theirs.set("queue:default", "ours")
        theirs.set("precious", "theirs")
        used.stop()
        assert theirs.keys() == [b"precious"]


def test_an_unreachable_server_is_refused() -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    with pytest.raises(UsageError, match="cannot use this server"):
        BrokerChoice("redis", "url", url).settled()


def test_a_dead_broker_says_how_it_died(broker: Broker) -> None:
    assert broker.process is not None
    broker.process.process.send_signal(signal.SIGKILL)
    broker.process.process.wait()
    assert broker.process.died().endswith("ended by SIGKILL")


@pytest.mark.parametrize("name", ["redis", "stub"])
def test_two_threads_may_look_at_once(folder: TrialFolder, name: str) -> None:
    """The sampler and the trial share the broker's connection: no answer goes astray."""
    from concurrent.futures import ThreadPoolExecutor

    started = BrokerChoice(name, "embedded").start(folder, {})

    def look(_: int) -> int:
        started.commands()
        return started.depth(NAMES).total

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(look, range(200))) == [0] * 200
    if name == "redis":
        assert started.commands().get("llen", 0) == 0
    started.stop()
