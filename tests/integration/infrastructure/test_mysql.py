"""MySQL and MariaDB: which program is started, how, and what it counts."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure import mysql
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from infrastructure.mysql.running import MySQL
from infrastructure.mysql.start import initialise_argv
from infrastructure.processes.folder import TrialFolder
from infrastructure.tables.running import Tables
from tests.conftest import missing
from tests.integration.infrastructure.test_tables import client, emptied, served, written_ahead
from tests.unit.infrastructure.test_mysql import NATIVE


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    try:
        NATIVE.settled()
    except UsageError as error:
        missing(str(error))
    yield from served(NATIVE, tmp_path_factory.mktemp("running"))


@pytest.fixture
def broker(running: Tables) -> Iterator[MySQL]:
    assert isinstance(running, MySQL)
    yield from emptied(running)


def fake_program(place: Path, said: str) -> str:
    place.write_text(f"#!/bin/sh\necho '{said}'\n")
    place.chmod(0o755)
    return str(place)


def test_a_server_without_its_preparation_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = fake_program(tmp_path / "mariadbd", "mariadbd  Ver 10.11.19-MariaDB for Linux")
    monkeypatch.setattr(shutil, "which", lambda name, **_: program if name == "mariadbd" else None)
    with pytest.raises(UsageError, match="mariadb-install-db"):
        NATIVE.settled()


def test_each_maker_prepares_its_data_in_its_own_way(tmp_path: Path) -> None:
    """Oracle's program is known by what it says; not installed here: this is its manual's."""
    program = fake_program(tmp_path / "mysqld", "/usr/sbin/mysqld  Ver 8.4.6 for Linux on x86_64")
    assert mysql.program_version(program) == "8.4.6"
    argv = initialise_argv(program, tmp_path)
    assert argv[:3] == [program, "--no-defaults", "--initialize-insecure"]
    assert f"--datadir={tmp_path / 'data'}" in argv


def test_the_program_says_the_version_that_the_server_says(broker: MySQL) -> None:
    assert broker.version.split()[1] == mysql.program_version(mysql.find("native"))


def test_commands_are_statements_by_kind(broker: MySQL) -> None:
    before = Counter(broker.commands())
    theirs = client(broker.url)
    with theirs.cursor() as cursor:
        cursor.execute("CREATE TABLE t (n int)")
        for n in range(3):
            cursor.execute("INSERT INTO t VALUES (%s)", (n,))
        theirs.begin()
        cursor.execute("DELETE FROM t WHERE n = 1")
        theirs.commit()
        cursor.execute("UPDATE t SET n = 5")
        cursor.execute("SELECT * FROM t")
    for _ in range(5):
        broker.depth({"pending": ["SELECT count(*) FROM t", "SELECT count(*) FROM nowhere"]})
    assert Counter(broker.commands()) - before == {
        "set_option": 1,
        "create_table": 1,
        "insert": 3,
        "begin": 1,
        "delete": 1,
        "commit": 1,
        "update": 1,
        "select": 1,
    }
    theirs.close()


def test_bytes_are_those_of_clients(broker: MySQL) -> None:
    before = broker.traffic()
    for _ in range(5):
        broker.depth({"pending": ["SELECT repeat('1', 5)"]})
        broker.memory()
    assert broker.traffic() == before
    theirs = client(broker.url)
    theirs.cursor().execute(f"SELECT '{'x' * 10_000}'")
    assert 20_000 < broker.traffic() - before < 22_000
    theirs.close()


def test_what_is_written_to_its_log_is_counted(broker: MySQL) -> None:
    written_ahead(broker, share=6)  # with what its purge writes


def test_it_is_durable_unless_relaxed(broker: MySQL, tmp_path: Path) -> None:
    folder = TrialFolder.create(tmp_path / "spool", "relaxed", {})
    relaxed = BrokerChoice("mysql", "native", relaxed=True).start(folder, {})
    for server, wanted in ((broker, 1), (relaxed, 0)):
        asking = client(server.url)
        with asking.cursor() as cursor:
            cursor.execute(
                "SELECT @@innodb_flush_log_at_trx_commit, @@innodb_doublewrite, @@tx_isolation"
            )
            found = cursor.fetchone()
            assert found is not None
            assert (*map(int, found[:2]), found[2]) == (wanted, wanted, "REPEATABLE-READ")
        asking.close()
    relaxed.stop()
    folder.remove()


def test_root_can_only_come_by_a_socket_that_there_is_not(broker: MySQL) -> None:
    hosts = {(user, host) for user, host in broker.ask("SELECT user, host FROM mysql.user")}
    assert {host for user, host in hosts if user == "root"} <= {"localhost"}
    assert "" not in {user for user, _ in hosts}
    assert broker.ask("SELECT @@socket") == [("",)]
