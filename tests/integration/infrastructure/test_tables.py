"""Brokers of tables: what holds for PostgreSQL and for MySQL, from every provider."""

import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import psutil
import psycopg
import pymysql
import pytest

from infrastructure.brokers import BrokerChoice, service
from infrastructure.errors import BrokerGap, TrialFailed, UsageError
from infrastructure.processes.folder import TrialFolder, end_processes, is_live
from infrastructure.servers import free_port
from infrastructure.service import Broker
from infrastructure.tables.running import Tables
from tests.conftest import missing
from tests.integration.infrastructure.ports import taken_port

SERVERS = [("postgresql", "embedded"), ("postgresql", "native"), ("mysql", "native")]
QUEUE = "CREATE TABLE task_queue (id int PRIMARY KEY, status varchar(20), payload varchar(2000))"
COUNT = "SELECT count(*) FROM task_queue WHERE status = '{}'"
NAMES = {
    "pending": [COUNT.format("pending")],
    "in_flight": [COUNT.format("processing")],
    "delayed": ["SELECT count(*) FROM later"],
}
DEFAULT_PORTS = {3306, 5432}
# A user who may look and not make, and how the server says so.
READER = {
    "mysql": (
        "CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'hidden'",
        "GRANT SELECT ON bench.* TO reader@'127.0.0.1'",
        "CREATE command denied",
    ),
    "postgresql": (
        "CREATE ROLE reader LOGIN PASSWORD 'hidden'",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "permission denied for schema public",
    ),
}


@pytest.fixture(scope="module", params=SERVERS, ids="-".join)
def choice(request: pytest.FixtureRequest) -> BrokerChoice:
    chosen = BrokerChoice(*request.param)
    try:
        return chosen.settled()
    except UsageError as error:
        missing(str(error))
        raise


@pytest.fixture
def start(choice: BrokerChoice, tmp_path: Path) -> Iterator[Callable[..., Tables]]:
    """Starts servers of one test, each in a trial's folder of its own."""
    folders: list[TrialFolder] = []
    started: list[Tables] = []

    def begin(chosen: BrokerChoice = choice) -> Tables:
        folders.append(TrialFolder.create(tmp_path / "spool", str(len(folders)), {}))
        started.append(cast("Tables", chosen.start(folders[-1], {})))
        return started[-1]

    yield begin
    for broker in started:
        broker.stop()
    for folder in folders:
        folder.remove()


def served(choice: BrokerChoice, place: Path) -> Iterator[Tables]:
    """One server for the tests that leave it running, of a fixture of a module."""
    folder = TrialFolder.create(place, "t", {})
    started = cast("Tables", choice.start(folder, {}))
    yield started
    started.stop()
    folder.remove()


def emptied[T: Tables](running: T) -> Iterator[T]:
    """The running server, without tables afterwards."""
    yield running
    for table in running.tables():
        running.drop(table)


@pytest.fixture(scope="module")
def running(choice: BrokerChoice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    yield from served(choice, tmp_path_factory.mktemp("running"))


@pytest.fixture
def broker(running: Tables) -> Iterator[Tables]:
    yield from emptied(running)


def client(url: str) -> Any:
    """A connection as a framework makes it."""
    parts = urlsplit(url)
    if parts.scheme == "postgresql":
        return psycopg.connect(url, autocommit=True)
    return pymysql.connect(
        host=parts.hostname,
        port=parts.port or 0,
        user=parts.username,
        password=parts.password or "",
        database=parts.path[1:],
        autocommit=True,
    )


def tell(url: str, *statements: str) -> list[Any]:
    """Carry out statements as the framework; what the last one answers."""
    connection = client(url)
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def insert(*numbers: int, status: str = "pending", size: int = 10) -> list[str]:
    """Rows with payloads of random letters: PostgreSQL compresses others."""
    return [
        f"INSERT INTO task_queue VALUES ({n}, '{status}', '{secrets.token_hex(size // 2)}')"
        for n in numbers
    ]


def listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


def commands(broker: Tables) -> int:
    """All that the broker counted, once the sessions that have ended told it so."""
    found = -1
    while found != (found := sum(broker.commands().values())):
        time.sleep(0.3)
    return found


def family(broker: Tables) -> list[psutil.Process]:
    """The server's process and its children."""
    assert broker.process is not None
    leader = psutil.Process(broker.process.pid)
    return [leader, *leader.children(recursive=True)]


def nobody_lives(processes: list[psutil.Process]) -> bool:
    """Within a moment: what was killed has memory to give back before it is gone."""
    deadline = time.monotonic() + 5
    while any(map(is_live, processes)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(is_live, processes))


def segments() -> dict[str, str]:
    """Shared memory of the old kind on this machine, and the process that made each."""
    _, *lines = Path("/proc/sysvipc/shm").read_text().splitlines()
    found = [line.split() for line in lines]
    return {f"segment {number}": creator for _key, number, _perms, _size, creator, *_ in found}


def shared_memory(processes: list[psutil.Process]) -> set[str]:
    """What they share outside the trial's folder."""
    maps: set[str] = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # a helper of the server's that has ended meanwhile
            maps |= {m.path for m in process.memory_maps()}
    pids = {str(process.pid) for process in processes}
    made = {name for name, creator in segments().items() if creator in pids}
    return made | {path for path in maps if path.startswith("/dev/shm/")}


def left(shared: set[str]) -> set[str]:
    return shared & {*segments(), *map(str, Path("/dev/shm").iterdir())}


def without_password(message: str, broker: Tables) -> bool:
    password = urlsplit(broker.url).password
    return password is not None and password not in message


def test_a_server_is_private_and_leaves_nothing(start: Callable[..., Tables]) -> None:
    broker = start()
    assert broker.own is not None
    port = urlsplit(broker.url).port
    processes = family(broker)
    listening = {
        connection.laddr
        for process in processes
        for connection in process.net_connections("inet")
        if connection.status == "LISTEN"
    }
    assert listening == {("127.0.0.1", port)}
    assert port not in DEFAULT_PORTS
    sockets = {c.laddr for process in processes for c in process.net_connections("unix")}
    assert sockets <= {"", None}
    home = broker.own.home
    assert home.stat().st_mode & 0o077 == home.parent.stat().st_mode & 0o077 == 0
    shared = shared_memory(processes)
    broker.stop()
    assert nobody_lives(processes)
    assert not listens(broker.url)
    assert not home.exists()
    assert not left(shared)


def test_a_stranger_on_this_machine_is_not_let_in(broker: Tables) -> None:
    parts = urlsplit(broker.url)
    for user in ("bench", "inspector", "root", "postgres"):
        for password in ("", "bench"):
            url = f"{parts.scheme}://{user}:{password}@127.0.0.1:{parts.port}/bench"
            with pytest.raises((psycopg.OperationalError, pymysql.OperationalError)):
                client(url)


def test_starts_and_stops_leave_nothing(choice: BrokerChoice, tmp_path: Path) -> None:
    folder = TrialFolder.create(tmp_path / "spool", "t", {})
    kept = {"owner", "trial.json", "records", "sessions", "broker.log"}
    shared: set[str] = set()
    for _ in range(2):
        started = cast("Tables", choice.start(folder, {}))
        processes = family(started)
        shared |= shared_memory(processes)
        started.stop()
        assert nobody_lives(processes)
        assert not listens(started.url)
        assert {path.name for path in folder.path.iterdir()} == kept
    assert not left(shared)
    assert not [
        p for p in psutil.process_iter(["cwd"]) if (p.info["cwd"] or "").startswith(str(tmp_path))
    ]
    folder.remove()


def test_servers_of_one_configuration_share_its_hash(
    choice: BrokerChoice, broker: Tables, start: Callable[..., Tables]
) -> None:
    twin = start()
    assert twin.url != broker.url
    assert twin.version == broker.version
    assert twin.config_hash == broker.config_hash
    relaxed = start(BrokerChoice(choice.name, choice.provider, relaxed=True))
    assert relaxed.config_hash != broker.config_hash


def test_a_user_who_may_not_make_tables_is_refused(
    choice: BrokerChoice, start: Callable[..., Tables]
) -> None:
    server, (made, denied, said) = start(), READER[choice.name]
    server.ask(made)
    server.ask(denied)
    url = f"{choice.name}://reader:hidden{server.url[server.url.index('@') :]}"
    with pytest.raises(UsageError, match=said) as caught:
        BrokerChoice(choice.name, "url", url).settled()
    assert "hidden" not in str(caught.value)


def test_a_taken_port_is_tried_again(
    start: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch
) -> None:
    with taken_port() as taken:
        ports = iter([taken, free_port()])
        monkeypatch.setattr("infrastructure.tables.start.free_port", lambda: next(ports))
        assert start().depth({"pending": ["SELECT 1"]}).total == 1
    assert not list(ports)


def test_a_server_that_cannot_start_says_why(
    choice: BrokerChoice, start: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = import_module(f"infrastructure.{choice.name}.start").CONFIG
    option = next(name for name in configuration if name.startswith("max"))
    monkeypatch.setitem(configuration, option, "nonsense")
    with pytest.raises(TrialFailed, match=r"(?s)did not start.*max_connections"):
        start()


def test_a_database_that_cannot_be_prepared_says_why(
    choice: BrokerChoice, start: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = {"postgresql": "initdb_argv", "mysql": "initialise_argv"}[choice.name]
    failing = ["/bin/sh", "-c", "echo the disk is full; exit 1"]
    monkeypatch.setattr(f"infrastructure.{choice.name}.start.{prepared}", lambda *_: failing)
    with pytest.raises(TrialFailed, match=r"(?s)did not start.*the disk is full"):
        start()


def test_depth_is_what_the_queries_count(broker: Tables) -> None:
    assert broker.depth(NAMES).total == 0  # there is no table yet
    tell(broker.url, QUEUE, *insert(1, 2, 3), *insert(4, status="processing"))
    depth = broker.depth(NAMES)  # one of its tables is still missing
    assert (depth.pending, depth.in_flight, depth.delayed, depth.total) == (3, 1, 0, 4)
    tell(broker.url, "CREATE TABLE later (id int)", "INSERT INTO later VALUES (1), (2)")
    depth = broker.depth(NAMES)
    assert (depth.pending, depth.in_flight, depth.delayed, depth.total) == (3, 1, 2, 6)
    assert broker.depth({}).total == 0


def test_a_query_that_is_wrong_is_not_an_empty_queue(broker: Tables) -> None:
    tell(broker.url, QUEUE)
    for wrong in ("SELECT count(*) FROM task_queue WHERE colour = 1", "SELECT nonsense("):
        with pytest.raises(broker.ERROR):
            broker.depth({"pending": [wrong]})
    assert broker.depth(NAMES).total == 0


def test_commands_leave_out_our_own_looks(broker: Tables) -> None:
    earlier = commands(broker)
    tell(broker.url, QUEUE, *insert(1, 2))
    before = commands(broker)
    assert before - earlier >= 3
    for _ in range(5):
        assert broker.depth(NAMES).total == 2
        assert (broker.keys(), broker.memory() > 0) == (2, True)
    assert commands(broker) == before
    tell(broker.url, *insert(3, 4))
    assert commands(broker) - before in {2, 3}  # and to connect


def written_ahead(broker: Broker, share: float) -> None:
    """The log of changes grows by what clients write and some more, and by no look of ours."""
    tell(broker.url, QUEUE)
    before = broker.wal()
    assert before is not None
    for _ in range(5):
        broker.depth({"pending": [COUNT.format("pending")]})
        broker.commands()
    looked = broker.wal()
    assert looked is not None
    assert looked - before < 5000
    tell(broker.url, *insert(*range(500), size=1000))
    after = broker.wal()
    assert after is not None
    assert 1 < (after - looked) / 500_000 < share


def test_keys_are_rows_and_memory_grows_with_them(broker: Tables) -> None:
    assert broker.keys() == 0
    tell(broker.url, QUEUE, "CREATE TABLE later (id int)", "INSERT INTO later VALUES (1), (2)")
    before = broker.memory()
    tell(broker.url, "BEGIN", *insert(*range(1000), size=2000), "COMMIT")
    assert broker.keys() == 1002
    assert 2e6 < broker.memory() - before < 8e6


def test_a_restart_keeps_the_rows_and_counts_anew(start: Callable[..., Tables]) -> None:
    broker = start()
    tell(broker.url, QUEUE, *insert(1, 2))
    assert broker.process is not None
    old = broker.process.pid
    new = broker.restart(0.1)
    assert new is broker.process
    assert new.pid != old
    assert not psutil.pid_exists(old)
    assert broker.depth(NAMES).pending == 2
    assert commands(broker) == 0
    tell(broker.url, *insert(3))
    assert commands(broker) in {1, 2}  # and to connect
    assert broker.depth(NAMES).pending == 3


def test_a_server_that_does_not_come_back_says_why(start: Callable[..., Tables]) -> None:
    broker = start()
    with socket.socket() as taken:
        assert broker.own is not None
        again = broker.own.again

        def late() -> Any:
            taken.bind(("127.0.0.1", urlsplit(broker.url).port or 0))
            taken.listen()
            return again()

        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        broker.own.again = late
        with pytest.raises(TrialFailed, match=r"(?s)did not come back.*already in use"):
            broker.restart(0)


def test_cut_connections_spare_our_own(broker: Tables) -> None:
    tell(broker.url, QUEUE)
    cut = client(broker.url)
    ours = broker._connection
    broker.cut_connections()
    with pytest.raises((psycopg.OperationalError, pymysql.OperationalError)):
        cut.cursor().execute("SELECT 1")
    cut.close()
    assert broker.depth(NAMES).total == 0
    assert broker._connection is ours
    tell(broker.url, *insert(1))


def test_our_own_connection_is_made_again_when_it_is_lost(broker: Tables) -> None:
    tell(broker.url, QUEUE, *insert(1))
    mine = {"`": "SELECT connection_id()", '"': "SELECT pg_backend_pid()"}[broker.QUOTE]
    end = {"`": "KILL {}", '"': "SELECT pg_terminate_backend({})"}[broker.QUOTE]
    (lost,) = broker.ask(mine)[0]
    other = broker._connect()
    other.cursor().execute(end.format(lost))
    other.close()
    assert broker.depth(NAMES).pending == 1
    assert broker.ask(mine) != [(lost,)]


def test_two_threads_may_look_at_once(broker: Tables) -> None:
    tell(broker.url, QUEUE, *insert(1, 2, 3))
    before = commands(broker)

    def look(_: int) -> bool:
        return broker.depth(NAMES).total == 3 and sum(broker.commands().values()) == before

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(look, range(100)))


def test_a_given_server_with_a_table_is_refused_and_left_alone(
    choice: BrokerChoice, broker: Tables
) -> None:
    tell(broker.url, QUEUE, *insert(1))
    given = BrokerChoice(choice.name, "url", broker.url)
    with pytest.raises(UsageError, match=r"holds 1 table") as caught:
        given.settled()
    assert without_password(str(caught.value), broker)
    assert broker.depth(NAMES).pending == 1
    BrokerChoice(choice.name, "url", broker.url, yes_flush=True).settled()
    assert broker.tables() == []


def test_rights_are_tried_before_tables_are_dropped(
    choice: BrokerChoice, broker: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(broker.url, QUEUE, *insert(1))

    def denied(_self: Tables) -> None:
        raise broker.ERROR("permission denied")

    monkeypatch.setattr(type(broker), "try_rights", denied)
    with pytest.raises(UsageError, match="cannot use this server: permission denied"):
        BrokerChoice(choice.name, "url", broker.url, yes_flush=True).settled()
    assert broker.depth(NAMES).pending == 1


READS = {"select", "set_option", "show_status", "show_variables"}  # of MySQL's


@pytest.mark.parametrize("rights", [False, True])
def test_a_look_writes_only_where_rights_are_tried(
    choice: BrokerChoice, broker: Tables, *, rights: bool
) -> None:
    before = broker.commands()
    service(choice.name).connect(broker.url, (), flush=False, rights=rights).stop()
    commands(broker)  # until what the session did has been counted
    after = broker.commands()
    grown = {name for name in after if after[name] != before.get(name, 0)}
    assert bool(grown - READS) is rights


def test_flush_drops_tables_that_refer_to_each_other(choice: BrokerChoice, broker: Tables) -> None:
    tell(
        broker.url,
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE TABLE b (a int, FOREIGN KEY (a) REFERENCES a (id))",
    )
    BrokerChoice(choice.name, "url", broker.url, yes_flush=True).settled()
    assert broker.tables() == []


@pytest.mark.parametrize("flush", [False, True])
def test_data_that_appears_between_trials_is_not_flushed(
    choice: BrokerChoice, broker: Tables, tmp_path: Path, *, flush: bool
) -> None:
    given = BrokerChoice(choice.name, "url", broker.url, yes_flush=flush)
    given.settled()
    tell(broker.url, QUEUE, *insert(1))
    folder = TrialFolder.create(tmp_path / "spool", "t", {})
    with pytest.raises(UsageError, match=r"holds 1 table"):
        given.start(folder, {}, ["task_queue"])
    assert broker.depth(NAMES).pending == 1
    folder.remove()


def test_a_given_server_loses_only_what_the_framework_left(
    choice: BrokerChoice, broker: Tables, tmp_path: Path
) -> None:
    folder = TrialFolder.create(tmp_path / "spool", "t", {})
    keys = ["task_queue", "its_numbers", "never_made"]
    used = BrokerChoice(choice.name, "url", broker.url).start(folder, {}, keys)
    tell(broker.url, QUEUE, "CREATE SEQUENCE its_numbers", "CREATE TABLE precious (id int)")
    assert used.process is None
    with pytest.raises(BrokerGap, match="not ours to restart"):
        used.restart(0)
    used.stop()
    assert [name.split(".")[-1].strip("`") for name in broker.tables()] == ["precious"]
    tell(broker.url, "CREATE SEQUENCE its_numbers", "DROP SEQUENCE its_numbers")  # it was gone
    folder.remove()


def test_a_server_too_old_is_refused(
    choice: BrokerChoice, broker: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(broker), "OLDEST", {broker.version.split()[0]: (99, 1)})
    with pytest.raises(UsageError, match=rf"this is {broker.version}.* 99\.1 or newer"):
        BrokerChoice(choice.name, "url", broker.url).settled()


def test_an_unreachable_server_is_refused(choice: BrokerChoice) -> None:
    url = f"{choice.name}://bench:hidden@127.0.0.1:{free_port()}/bench"
    with pytest.raises(UsageError, match="cannot use this server") as caught:
        BrokerChoice(choice.name, "url", url).settled()
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "redis://:hidden@127.0.0.1:1/0",
        "host=127.0.0.1 password=hidden",
        "{}://bench:hidden@127.0.0.1:1",
        "{}://:hidden@127.0.0.1:1/bench",
        "{}://bench:hidden@127.0.0.1:port/bench",
    ],
)
def test_an_address_of_another_form_is_refused(choice: BrokerChoice, url: str) -> None:
    with pytest.raises(UsageError, match="address of the form") as caught:
        BrokerChoice(choice.name, "url", url.format(choice.name)).settled()
    assert "hidden" not in str(caught.value)


def test_a_killed_server_leaves_no_child_and_comes_back_with_its_rows(
    start: Callable[..., Tables],
) -> None:
    broker = start()
    tell(broker.url, QUEUE, *insert(1, 2, 3))
    idle = client(broker.url)
    processes = family(broker)
    shared = shared_memory(processes)
    assert broker.process is not None
    assert broker.own is not None
    os.kill(broker.process.pid, signal.SIGKILL)
    broker.process.process.wait()
    assert broker.process.died().endswith("ended by SIGKILL")
    broker.own.end(broker.process)
    idle.close()
    assert nobody_lives(processes)
    assert not left(shared)
    broker.restart(0)
    assert broker.depth(NAMES).pending == 3


def test_what_a_killed_harness_left_is_ended_with_all_it_shares(
    start: Callable[..., Tables], tmp_path: Path
) -> None:
    broker = start()
    tell(broker.url, QUEUE)
    processes = family(broker)
    shared = shared_memory(processes)
    broker.close()  # as the kernel does for whoever is killed
    assert end_processes(tmp_path / "spool" / "0") >= 1
    assert nobody_lives(processes)
    assert not left(shared)
