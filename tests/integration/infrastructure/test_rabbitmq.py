"""RabbitMQ: private, seen through its own queues, gone afterwards; a given server is left alone.

A start takes 8 s, so most tests share one server and each takes queues of its own.
"""

import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import amqp  # type: ignore[import-untyped]
import psutil
import pytest

from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BrokerGap, TrialFailed, UsageError
from infrastructure.processes.folder import TrialFolder, end_processes
from infrastructure.rabbitmq import given, management, private, program, running, start
from infrastructure.rabbitmq.address import Address
from infrastructure.rabbitmq.running import Rabbit
from infrastructure.servers import answers, free_port
from tests.conftest import missing
from tests.integration.infrastructure.ports import taken_port
from tests.unit.infrastructure.test_rabbitmq import NATIVE

# AMQP, its management and metrics, the distribution of Erlang, and epmd: the system's own service.
DEFAULT_PORTS = {5672, 15672, 15692, 25672, 4369}


def begin(folder: TrialFolder, choice: BrokerChoice = NATIVE) -> Rabbit:
    server = choice.start(folder, {})
    assert isinstance(server, Rabbit)
    return server


@pytest.fixture(scope="module")
def installed() -> None:
    try:
        program.find("native")
    except UsageError:
        missing("rabbitmq-server")


@pytest.fixture
def folder(tmp_path: Path, installed: None) -> Iterator[TrialFolder]:
    del installed
    made = TrialFolder.create(tmp_path / "spool", "t", {})
    yield made
    end_processes(made.path)
    made.remove()


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory, installed: None) -> Iterator[Rabbit]:
    del installed
    made = TrialFolder.create(tmp_path_factory.mktemp("rabbitmq") / "spool", "t", {})
    server = begin(made)
    yield server
    server.stop()
    made.remove()


@pytest.fixture
def queue() -> str:
    return f"q-{secrets.token_hex(4)}"


class Client:
    """Somebody who uses a broker: a connection with one channel that has its sends confirmed."""

    def __init__(self, url: str) -> None:
        self.connection = Address.of(url).connection()
        self.channel = self.connection.channel()
        self.channel.confirm_select()
        self.got: list[Any] = []

    def declare(self, queue: str) -> None:
        self.channel.queue_declare(queue, durable=True, auto_delete=False)

    def send(self, queue: str, times: int, body: bytes = b"x") -> None:
        self.declare(queue)
        for _ in range(times):
            message = amqp.Message(body, delivery_mode=2)
            self.channel.basic_publish_confirm(message, routing_key=queue)

    def consume(self, queue: str, prefetch: int) -> None:
        """Take as many messages as may be held at a time, and acknowledge none."""
        self.channel.basic_qos(0, prefetch, False)
        self.channel.basic_consume(queue, callback=self.got.append)
        self.wait_for(prefetch)

    def wait_for(self, messages: int) -> None:
        while len(self.got) < messages:
            self.connection.drain_events(timeout=10)

    def waiting(self, queue: str) -> int:
        return int(self.channel.queue_declare(queue, passive=True).message_count)


@pytest.fixture
def client(broker: Rabbit) -> Iterator[Client]:
    made = Client(broker.url)
    yield made
    made.connection.collect()


def processes_of(server: Rabbit) -> list[psutil.Process]:
    """Whatever lives with the server's home: its own helper programs leave its session."""
    assert server.private is not None
    return living(server.private.home)


def living(home: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("HOME") == str(home):
                found.append(process)
    return found


def names_of(processes: list[psutil.Process]) -> set[str]:
    names = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            names.add(process.name())
    return names


def outlived(home: Path) -> list[psutil.Process]:
    """What still lives with that home after a moment: helpers see the end of their server late."""
    deadline = time.monotonic() + 5
    while (found := living(home)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def homes(folder: TrialFolder) -> list[Path]:
    return list(folder.path.glob("rabbitmq-*"))


def depth(server: Rabbit, queue: str) -> tuple[int, int, int]:
    seen = server.depth({"pending": [queue], "in_flight": [queue], "delayed": [f"{queue}-later"]})
    return seen.pending, seen.in_flight, seen.delayed


def test_nothing_of_it_is_reached_from_outside(broker: Rabbit) -> None:
    found = processes_of(broker)
    assert {"beam.smp", "epmd"} <= names_of(found)
    assert broker.process is not None
    assert psutil.Process(broker.process.pid).name() == "beam.smp"
    listening = []
    for process in found:
        with suppress(psutil.NoSuchProcess):  # a helper that has ended meanwhile
            connections = process.net_connections()
            listening += [c.laddr for c in connections if c.status == "LISTEN"]
    assert len(listening) >= 5
    assert {address.ip for address in listening} <= {"127.0.0.1", "::1"}
    assert not {address.port for address in listening} & DEFAULT_PORTS


def test_nobody_but_its_own_user_gets_in(broker: Rabbit) -> None:
    ours = Address.of(broker.url)
    guest = Address(ours.host, ours.port, "guest", "guest", ours.vhost, encrypted=False)
    with pytest.raises(amqp.AccessRefused):
        guest.connection()


def test_depth_is_true_at_once(broker: Rabbit, client: Client, queue: str) -> None:
    """Ready and unacknowledged are looked at without any time for the server to gather them."""
    assert depth(broker, queue) == (0, 0, 0)
    client.send(queue, 10)
    assert depth(broker, queue) == (10, 0, 0)
    client.consume(queue, 3)
    assert depth(broker, queue) == (7, 3, 0)
    client.channel.basic_ack(client.got[0].delivery_tag)
    client.wait_for(4)
    assert depth(broker, queue) == (6, 3, 0)
    client.send(f"{queue}-later", 2)
    assert depth(broker, queue) == (6, 3, 2)
    assert broker.depth({"pending": [queue, f"{queue}-later"]}).total == 8
    keys = broker.keys()
    assert keys is not None
    assert keys >= 11  # other tests leave messages too
    assert (broker.memory() or 0) > 1_000_000


def test_depth_of_a_quorum_queue_is_true_soon(broker: Rabbit, client: Client, queue: str) -> None:
    """What waits at once; what is held within a second, not the 5 s of a server left alone."""
    kind = {"x-queue-type": "quorum"}
    client.channel.queue_declare(queue, durable=True, auto_delete=False, arguments=kind)
    for _ in range(10):
        client.channel.basic_publish_confirm(amqp.Message(b"x"), routing_key=queue)
    assert depth(broker, queue)[0] == 10
    client.consume(queue, 3)
    assert depth(broker, queue)[0] == 7
    deadline = time.monotonic() + 1
    while depth(broker, queue) != (7, 3, 0) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert depth(broker, queue) == (7, 3, 0)


def test_stored_are_the_bodies_of_all_messages(
    broker: Rabbit, client: Client, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exact, though the server counts bytes only now and then: other tests leave messages too."""
    before = broker.stored()
    assert before is not None
    client.send(queue, 1000)
    assert broker.stored() == before + 1000
    client.consume(queue, 10)
    assert broker.stored() == before + 1000
    monkeypatch.setattr(running, "STORED", re.compile("nothing of it (is) (told)"))
    monkeypatch.setattr(running, "STORED_S", 0.3)
    assert broker.stored() is None


def test_messages_are_counted_by_what_was_done(broker: Rabbit, client: Client, queue: str) -> None:
    before = broker.commands()
    client.send(queue, 5)
    client.consume(queue, 2)
    client.channel.basic_ack(client.got[1].delivery_tag, multiple=True)
    client.wait_for(4)
    depth(broker, queue)  # our own looks are not among them
    after = broker.commands()
    done = {name: after[name] - before[name] for name in after}
    assert done == {"publish": 5, "confirm": 5, "deliver": 4, "get_empty": 0, "ack": 2}


def test_bytes_are_those_of_clients(
    broker: Rabbit, client: Client, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages of a known size, in and out; a look of our own at the metrics moves 0.25 MB."""
    before = broker.traffic()
    assert before is not None
    for _ in range(5):
        broker.commands()
        broker.memory()
    looked = broker.traffic()
    assert looked is not None
    assert abs(looked - before) < 50_000  # 2 % of what eleven looks have moved
    client.send(queue, 200, bytes(10_240))
    client.consume(queue, 200)
    after = broker.traffic()
    assert after is not None
    assert 1 < (after - looked) / (2 * 200 * 10_240) < 1.02
    monkeypatch.setattr(management, "MOVED", re.compile("nothing of it is (told)"))
    assert broker.traffic() is None


def test_cut_connections_come_back_to_a_server_that_is_there(
    broker: Rabbit, client: Client, queue: str
) -> None:
    client.send(queue, 1)
    given = BrokerChoice("rabbitmq", "url", broker.url).start(folder=None, options={})  # type: ignore[arg-type]
    assert given.depth({"pending": [queue]}).pending == 1
    broker.cut_connections()
    with pytest.raises((amqp.ConnectionForced, OSError)):
        client.connection.drain_events(timeout=10)
    assert depth(broker, queue) == (1, 0, 0)
    assert given.depth({"pending": [queue]}).pending == 1  # our own connection was opened again
    again = Client(broker.url)
    assert again.waiting(queue) == 1
    given.stop()
    again.connection.collect()


def test_a_restart_keeps_persistent_messages(broker: Rabbit, client: Client, queue: str) -> None:
    client.send(queue, 3)
    client.consume(queue, 1)
    old = broker.process
    assert old is not None
    new = broker.restart(0.1)
    assert new is broker.process
    assert new.pid != old.pid
    assert not old.alive()
    assert depth(broker, queue) == (3, 0, 0)
    assert broker.commands()["publish"] == 0  # it counts since its start


def test_two_side_by_side_share_a_configuration_and_nothing_else(
    broker: Rabbit, client: Client, queue: str, folder: TrialFolder
) -> None:
    twin = begin(folder)
    try:
        assert twin.config_hash == broker.config_hash
        assert twin.url != broker.url
        client.send(queue, 1)
        assert depth(twin, queue) == (0, 0, 0)
        assert depth(broker, queue) == (1, 0, 0)
    finally:
        twin.stop()
    assert depth(broker, queue) == (1, 0, 0)


def test_starts_and_stops_leave_nothing(folder: TrialFolder) -> None:
    """Two: a start takes 8 s."""
    for number in range(2):
        started = begin(folder)
        assert processes_of(started)
        started.stop()
        assert not [home for home in homes(folder) if outlived(home)]
        assert not answers(Address.of(started.url).port)
        assert len(homes(folder)) == number + 1


def test_whoever_kills_its_sessions_kills_everything(folder: TrialFolder) -> None:
    """What is left of a killed harness is ended by the sessions that it noted."""
    started = begin(folder)
    assert started.process is not None
    assert len(processes_of(started)) > 2
    assert end_processes(folder.path) >= 2
    started.process.collect()  # as whoever outlives the harness does: no zombie holds its place
    assert not [home for home in homes(folder) if outlived(home)]
    started.stop()


def test_a_taken_port_is_tried_again(folder: TrialFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """First the port of the distribution, which is found taken soonest, then another one."""
    with taken_port() as taken:
        ports = [free_port() for _ in range(10)]
        ports[3] = taken
        left = iter(ports)
        monkeypatch.setattr(private, "free_port", lambda: next(left))
        started = begin(folder)
        started.stop()
    assert len(homes(folder)) == 2
    assert not [home for home in homes(folder) if outlived(home)]


@pytest.mark.parametrize("which", [0, 4], ids=["AMQP", "epmd"])
def test_any_taken_port_is_noticed(
    folder: TrialFolder, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    with taken_port() as taken:
        ports = [free_port() for _ in range(5)]
        ports[which] = taken
        left = iter(ports)
        monkeypatch.setattr(private, "free_port", lambda: next(left))
        own = private.Private(program.find("native"), folder, {})
        child = own.start()
        try:
            assert not private.wait_ready(child, own)
            assert own.port_was_taken()
        finally:
            own.end()


def test_a_server_that_cannot_start_says_why(
    folder: TrialFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(private.CONFIG, "channel_max", "nonsense")
    with pytest.raises(
        TrialFailed, match=r"did not start(.|\n)*channel_max(.|\n)*cannot be converted"
    ):
        begin(folder)
    assert not [home for home in homes(folder) if outlived(home)]


def test_its_version_is_known_before_it_runs(broker: Rabbit) -> None:
    path = program.find("native")
    number = broker.version.removeprefix("rabbitmq ")
    assert program.program_version(path).startswith(f"{number} on Erlang ")
    with pytest.raises(UsageError, match="no RabbitMQ beside it"):
        program.program_version("/usr/bin/env")


def test_a_configuration_that_differs_has_another_hash(
    broker: Rabbit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert broker.private is not None
    assert broker.process is not None
    same = start.served(broker.private, broker.process, {})
    assert same.config_hash == broker.config_hash
    assert "Disk free limit set to 1MB" in broker.private.said()  # others are passed over silently
    monkeypatch.setitem(private.CONFIG, "heartbeat", "10")
    other = start.served(broker.private, broker.process, {})
    assert other.config_hash != broker.config_hash


# -- a given server ----------------------------------------------------------------------------


def use(broker: Rabbit, *keys: str, flush: bool = False) -> Rabbit:
    return given.connect(broker.url, keys, flush=flush)


def test_a_given_server_with_messages_is_refused_and_left_alone(
    broker: Rabbit, client: Client, queue: str
) -> None:
    client.send(queue, 2)
    with pytest.raises(UsageError, match=f"{queue} holds 2 message") as refused:
        use(broker, "none", queue)
    assert Address.of(broker.url).password not in str(refused.value)
    assert client.waiting(queue) == 2
    use(broker, "none").stop()
    assert client.waiting(queue) == 2
    with pytest.raises(UsageError, match=f"{queue} holds 2 message"):
        given.connect(broker.url, [queue], flush=True, known=[queue])
    assert client.waiting(queue) == 2
    use(broker, queue, flush=True)
    assert client.waiting(queue) == 0


def test_messages_that_appear_between_trials_are_not_purged(
    broker: Rabbit, client: Client, queue: str, folder: TrialFolder
) -> None:
    given = BrokerChoice("rabbitmq", "url", broker.url, yes_flush=True).settled()
    client.send(queue, 1)
    given.start(folder, {}, [queue]).stop()  # the first look, which may purge
    client.send(queue, 2)
    with pytest.raises(UsageError, match=f"{queue} holds 2 message"):
        given.start(folder, {}, [queue])
    assert client.waiting(queue) == 2


@pytest.mark.parametrize("flush", [False, True])
def test_a_given_server_whose_queue_is_consumed_is_refused(
    broker: Rabbit, client: Client, queue: str, *, flush: bool
) -> None:
    client.send(queue, 1)
    client.consume(queue, 1)
    with pytest.raises(UsageError, match="has 1 consumer"):
        use(broker, queue, flush=flush)


def test_a_given_server_loses_only_what_the_framework_left(
    broker: Rabbit, client: Client, queue: str
) -> None:
    used = use(broker, queue, f"exchange:{queue}", "never-made", "exchange:never-made")
    client.send(queue, 1)
    client.send(f"{queue}-theirs", 1)
    for name in (queue, f"{queue}-theirs"):
        client.channel.exchange_declare(name, "direct", auto_delete=False)
    used.stop()
    client.channel.exchange_declare(f"{queue}-theirs", "direct", passive=True)
    assert client.waiting(f"{queue}-theirs") == 1
    with pytest.raises(amqp.NotFound):
        client.waiting(queue)
    with pytest.raises(amqp.NotFound):
        client.connection.channel().exchange_declare(queue, "direct", passive=True)


def test_what_a_given_server_cannot_tell(broker: Rabbit, client: Client, queue: str) -> None:
    client.send(queue, 5)
    client.consume(queue, 2)
    given = use(broker)
    assert (broker.sees_in_flight, given.sees_in_flight) == (True, False)
    assert depth(given, queue) == (3, 0, 0)
    assert given.process is None
    assert given.commands() == {}
    assert given.traffic() is None
    assert (given.traffic(), given.memory(), given.keys()) == (None, None, None)
    assert given.stored() is None
    with pytest.raises(BrokerGap, match="management plugin"):
        given.cut_connections()
    with pytest.raises(BrokerGap, match="not ours to restart"):
        given.restart(0)
    given.stop()
    assert client.waiting(queue) == 3


def test_a_wrong_password_and_a_missing_virtual_host_are_refused(broker: Rabbit) -> None:
    where = Address.of(broker.url)
    for url in (
        f"amqp://bench:hidden@127.0.0.1:{where.port}/bench",
        f"amqp://bench:{where.password}@127.0.0.1:{where.port}/none",
    ):
        with pytest.raises(UsageError, match="cannot use this server") as refused:
            given.connect(url, (), flush=False)
        assert "hidden" not in str(refused.value)
        assert where.password not in str(refused.value)


def test_an_old_server_is_refused(broker: Rabbit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "OLDEST", (99, 0))
    with pytest.raises(UsageError, match="this is RabbitMQ "):
        use(broker)


@pytest.mark.parametrize("lacking", ["configure", "write", "read"])
def test_a_user_without_rights_is_refused(broker: Rabbit, lacking: str) -> None:
    manage(broker, "PUT", "/api/users/reader", {"password": "hidden", "tags": ""})
    rights = {"configure": ".*", "write": ".*", "read": ".*", lacking: ""}
    manage(broker, "PUT", "/api/permissions/bench/reader", rights)
    url = f"amqp://reader:hidden@127.0.0.1:{Address.of(broker.url).port}/bench"
    with pytest.raises(UsageError, match="may not use queues there") as refused:
        given.connect(url, (), flush=False)
    assert "hidden" not in str(refused.value)


def manage(broker: Rabbit, method: str, path: str, body: dict[str, str]) -> None:
    assert broker.private is not None
    asking = broker.private.management
    connection = HTTPConnection("127.0.0.1", asking._port, timeout=10)
    headers = {**asking._headers, "Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body), headers)
    assert connection.getresponse().status in {201, 204}
    connection.close()


@pytest.mark.parametrize("look_at", [lambda server: server, use], ids=["ours", "given"])
def test_two_threads_may_look_at_once(
    broker: Rabbit, client: Client, queue: str, look_at: Callable[[Rabbit], Rabbit]
) -> None:
    """The sampler and the trial look at the same time: no answer goes astray."""
    client.send(queue, 3)
    looked = look_at(broker)

    def look(_: int) -> int:
        looked.commands()
        return looked.depth({"pending": [queue, "none"], "delayed": ["none"]}).total

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(look, range(100))) == [3] * 100
    if looked is not broker:
        looked.stop()


def test_the_caller_s_environment_does_not_reach_it(broker: Rabbit) -> None:
    assert broker.process is not None
    seen = psutil.Process(broker.process.pid).environ()
    assert set(os.environ) & set(seen) <= {"PATH", "HOME", "LANG", "PWD", "OLDPWD", "SHLVL", "_"}
