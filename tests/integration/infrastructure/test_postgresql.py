"""PostgreSQL: which program is started, as whom, and how it ends."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from harness.measure.sampler import look
from infrastructure.brokers import BrokerChoice
from infrastructure.postgresql.running import PostgreSQL
from infrastructure.postgresql.user import as_somebody
from infrastructure.processes.folder import TrialFolder, is_live
from infrastructure.tables.running import Tables
from tests.integration.infrastructure.test_tables import (
    QUEUE,
    client,
    emptied,
    insert,
    nobody_lives,
    served,
    tell,
    written_ahead,
)

EMBEDDED = BrokerChoice("postgresql", "embedded")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    yield from served(EMBEDDED, tmp_path_factory.mktemp("running"))


@pytest.fixture
def broker(running: Tables) -> Iterator[Tables]:
    yield from emptied(running)


@pytest.mark.skipif(os.geteuid() != 0, reason="only a server of root's changes its user")
def test_a_server_of_roots_runs_as_another_below_a_folder_closed_to_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    folder = TrialFolder.create(closed / "spool", "t", {})
    broker = EMBEDDED.start(folder, {})
    assert isinstance(broker, PostgreSQL)
    assert broker.process is not None
    assert broker.own is not None
    leader = psutil.Process(broker.process.pid)
    _, user = as_somebody()
    assert user is not None
    assert set(leader.uids()) == {user.pw_uid} != {0}
    assert broker.own.home.stat().st_uid == user.pw_uid
    assert Path(leader.exe()).name == "postgres"  # no wrapper is left
    broker.stop()
    folder.remove()


def test_a_child_that_is_busy_ends_with_its_killed_server(folder: TrialFolder) -> None:
    broker = EMBEDDED.start(folder, {})
    assert isinstance(broker, PostgreSQL)
    assert broker.process is not None
    assert broker.own is not None
    busy = psycopg.connect(broker.url, autocommit=True)
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000000)")
    children = psutil.Process(broker.process.pid).children()
    (worker,) = [child for child in children if child.pid == busy.info.backend_pid]
    os.kill(broker.process.pid, signal.SIGKILL)
    broker.process.process.wait()
    assert is_live(worker)  # it does not look up from its work
    broker.own.end(broker.process)
    busy.close()
    assert nobody_lives(children)
    broker.stop()


def test_its_children_are_counted_as_the_broker(broker: Tables) -> None:
    assert broker.process is not None
    with psycopg.connect(broker.url) as used:
        before = look({"broker": [broker.process.pid]}, memory=False)["broker"]
        used.execute("SELECT count(*) FROM generate_series(1, 200000)")
        after = look({"broker": [broker.process.pid]}, memory=False)["broker"]
    assert after.processes >= len(psutil.Process(broker.process.pid).children())
    assert after.cpu_s - before.cpu_s > 0.005


def test_it_is_durable_unless_relaxed(folder: TrialFolder, broker: Tables) -> None:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    relaxed = BrokerChoice("postgresql", "embedded", relaxed=True).start(folder, {})
    for server, setting in ((broker, "on"), (relaxed, "off")):
        with client(server.url) as asking:
            assert {n: asking.execute(f"SHOW {n}").fetchone() for n in names} == dict.fromkeys(
                names, (setting,)
            )
    relaxed.stop()


def test_what_a_framework_leaves_may_be_a_sequence_or_a_view(broker: Tables) -> None:
    assert isinstance(broker, PostgreSQL)
    with psycopg.connect(broker.url, autocommit=True) as theirs:
        theirs.execute("CREATE TABLE t (id int); CREATE VIEW v AS SELECT * FROM t")
        theirs.execute("CREATE SEQUENCE s")
    for name in ("v", "s", "t", "none"):
        broker.drop(broker.quoted(name))
    left = broker.ask("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    assert left == []


def test_a_pattern_takes_functions_and_types_along(broker: Tables) -> None:
    assert isinstance(broker, PostgreSQL)
    with psycopg.connect(broker.url, autocommit=True) as theirs:
        theirs.execute("CREATE TYPE queue_state AS ENUM ('todo', 'done')")
        theirs.execute("CREATE TYPE queue_pair AS (a int, b int)")
        theirs.execute("CREATE TABLE queue_jobs (id serial, state queue_state)")
        theirs.execute("CREATE VIEW queue_done AS SELECT * FROM queue_jobs")
        for given in ("queue_jobs", "int"):  # two of one name
            theirs.execute(
                f"CREATE FUNCTION queue_fetch({given}) RETURNS int LANGUAGE sql AS 'SELECT 1'"
            )
        theirs.execute("CREATE PROCEDURE queue_prune() LANGUAGE sql AS 'SELECT 1'")
        theirs.execute("CREATE TABLE queuexjobs (id int)")
    broker.remove("queue_*")
    left = "SELECT {0} FROM {1} WHERE {2} = 'public'::regnamespace AND {0} !~ '^_'"
    names = ("relname", "pg_class", "relnamespace"), ("typname", "pg_type", "typnamespace")
    for name in (*names, ("proname", "pg_proc", "pronamespace")):
        found = broker.ask(left.format(*name))
        assert found == ([("queuexjobs",)] if name[0] != "proname" else [])


def test_commands_are_transactions_that_wrote_committed_or_not(broker: Tables) -> None:
    assert isinstance(broker, PostgreSQL)
    tell(broker.url, QUEUE, *insert(1))
    before = broker.commands()["write_transactions"]
    with psycopg.connect(broker.url) as theirs:
        for end in (theirs.commit, theirs.rollback):
            theirs.execute("SELECT count(*) FROM task_queue")
            end()  # these only read
            theirs.execute(insert(2)[0])
            theirs.execute("DELETE FROM task_queue")
            end()
        theirs.execute(insert(3)[0])
    assert broker.commands() == {"write_transactions": before + 3}


def test_it_counts_the_bytes_of_its_log_only(broker: Tables) -> None:
    assert broker.traffic() is None
    written_ahead(broker, share=1.5)
