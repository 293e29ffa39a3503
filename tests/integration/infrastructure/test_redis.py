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

from infrastructure import redis as redis_service
from infrastructure import servers
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BrokerGap, TrialFailed, UsageError
from infrastructure.processes.folder import TrialFolder
from infrastructure.redis.given import accept
from infrastructure.redis.running import Redis
from infrastructure.redis.start import CONFIG
from infrastructure.servers import free_port
from infrastructure.service import Broker
from tests.conftest import missing
from tests.integration.infrastructure.ports import taken_port

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
        changed = Redis(twin.url, None)
        assert changed.config_hash != broker.config_hash
        changed.stop()
    finally:
        twin.stop()
        other.remove()


def test_starts_and_stops_leave_nothing(folder: TrialFolder) -> None:
    for _ in range(3):
        started = BrokerChoice("redis", "embedded").start(folder, {})
        started.stop()
        assert not listens(started.url)


def test_a_taken_port_is_tried_again(folder: TrialFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with taken_port() as taken:
        ports = iter([taken, free_port()])
        monkeypatch.setattr(servers, "free_port", lambda: next(ports))
        started = BrokerChoice("redis", "embedded").start(folder, {})
        started.stop()


def test_a_server_that_cannot_start_says_why(
    folder: TrialFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONFIG, "maxmemory", "nonsense")
    with pytest.raises(TrialFailed, match="did not start"):
        BrokerChoice("redis", "embedded").start(folder, {})


def test_the_native_provider_uses_an_installed_server(folder: TrialFolder) -> None:
    if not (shutil.which("redis-server") or shutil.which("valkey-server")):
        missing("redis-server")
    BrokerChoice("redis", "native").settled()
    started = BrokerChoice("redis", "native").start(folder, {})
    assert started.version.split()[0] in {"redis", "valkey"}
    started.stop()


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


def as_user(broker: Broker, *rules: str) -> str:
    """The address for a new user of these rights."""
    with client(broker) as theirs:
        theirs.execute_command("ACL", "SETUSER", "limited", "on", ">hidden", "~*", "&*", *rules)
    return broker.url.replace("redis://", "redis://limited:hidden@")


@pytest.mark.parametrize("missing_right", ["-info", "-dbsize", "-set", "-@write", "-unlink"])
def test_a_user_without_rights_is_refused_and_nothing_is_emptied(
    broker: Broker, missing_right: str
) -> None:
    url = as_user(broker, "+@all", missing_right)
    with client(broker) as theirs:
        theirs.set("precious", "1")
        with pytest.raises(UsageError, match="harness needs INFO, and to") as refused:
            BrokerChoice("redis", "url", url, yes_flush=True).settled()
        assert theirs.get("precious") == b"1"
    assert "hidden" not in str(refused.value)


def test_a_replica_that_is_read_only_is_refused(broker: Broker) -> None:
    with client(broker) as theirs:
        theirs.replicaof("127.0.0.1", free_port())
    with pytest.raises(UsageError, match="read only replica"):
        BrokerChoice("redis", "url", broker.url).settled()


@pytest.mark.parametrize(
    ("version", "accepted"),
    [
        ("redis 6.0.16", False),
        ("redis 6.2.0", True),
        ("redis 10.0.1", True),
        ("valkey 7.2.0", True),
    ],
)
def test_a_server_too_old_is_refused(broker: Broker, version: str, *, accepted: bool) -> None:
    given = Redis(broker.url, None)
    given.version = version
    if accepted:
        accept(given, "there", flush=False)
    else:
        with pytest.raises(UsageError, match=r"there: this is redis 6\.0\.16.*6\.2 or newer"):
            accept(given, "there", flush=False)
    given.stop()


def test_a_look_at_a_given_server_leaves_no_key(broker: Broker) -> None:
    redis_service.connect(broker.url, (), flush=False, rights=False).stop()
    assert "set" not in broker.commands()
    BrokerChoice("redis", "url", broker.url).settled()
    assert broker.commands()["set"] == 1
    assert broker.keys() == 0


def test_connections_to_other_databases_are_not_cut(broker: Broker) -> None:
    elsewhere = broker.url.replace("/0", "/1")
    with client(broker) as ours, redis.Redis.from_url(elsewhere) as theirs:
        before = ours.client_id(), theirs.client_id()
        broker.cut_connections()
        after = ours.client_id(), theirs.client_id()
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_a_user_who_may_not_cut_connections_has_a_gap(broker: Broker) -> None:
    given = redis_service.connect(as_user(broker, "+@all", "-client|kill"), (), flush=False)
    with client(broker) as ours:
        ours.ping()
        with pytest.raises(BrokerGap, match="may not close"):
            given.cut_connections()
    given.stop()


def test_a_restarted_server_is_counted_anew(broker: Broker) -> None:
    for _ in range(5):
        broker.depth(NAMES)
    broker.restart(0)
    with client(broker) as ours:
        ours.llen("q")
    broker.depth(NAMES)
    assert broker.commands()["llen"] == 1


@pytest.mark.parametrize("provider", ["auto", "native"])
def test_a_program_that_does_not_run_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, provider: str
) -> None:
    broken = tmp_path / "server"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr("infrastructure.redis.program.native_binary", lambda: str(broken))
    if provider == "native":
        with pytest.raises(UsageError, match="server does not run here"):
            BrokerChoice("redis", provider).settled()
        return
    monkeypatch.setattr(redis_service, "PROVIDERS", ("native", "embedded"))
    assert BrokerChoice("redis", provider).settled().provider == "embedded"


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
