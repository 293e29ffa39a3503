"""Standing brokers: really started, seen, left alone by others, ended."""

import fcntl
import json
import os
import shlex
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis

from harness.machine.standing import broker, down, status, up
from harness.machine.standing.broker import STANDING, Standing, is_same
from harness.machine.standing.down import is_ours
from harness.machine.standing.status import contents
from infrastructure import brokers
from infrastructure.clients import NOTHING
from infrastructure.errors import BenchError, UsageError
from infrastructure.names import NAMES
from infrastructure.processes.born import Born, born
from infrastructure.processes.folder import SESSIONS, TrialFolder, is_live
from infrastructure.root import ROOT
from infrastructure.servers import answers, free_port
from tests.conftest import at_work_below, missing
from tests.integration.infrastructure.test_clients import HOSTILE
from tests.integration.infrastructure.test_tables import segments
from tests.typed import typed

Said = subprocess.CompletedProcess[str]
Command = Callable[..., Said]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """Where they stand; whatever a test leaves is ended."""
    made = tmp_path / "infra"
    yield made
    for name in broker.standing_in(made):
        down.clear(made / name)


@pytest.fixture
def command(place: Path) -> Command:
    """``nox -s infra -- WORDS``, without nox."""

    def run(*words: str) -> Said:
        argv = [sys.executable, "-m", "harness", "infra", *words, "--place", str(place)]
        return subprocess.run(
            argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )

    return run


def standing(place: Path, broker: str = "redis") -> Standing:
    found = Standing.read(place / broker)
    assert found is not None
    return found


def kill(place: Path, broker: str = "redis") -> None:
    """End it as a crash does."""
    known = standing(place, broker)
    assert known.pid is not None
    process = psutil.Process(known.pid)
    process.kill()
    assert in_time(lambda: not is_live(process))
    assert in_time(lambda: not answers(known.port))


RIGHTS = {  # what tries them, by writing
    "redis": "redis.running.Redis",
    "postgresql": "tables.running.Tables",
    "mysql": "tables.running.Tables",
    "rabbitmq": "rabbitmq.given",
    "sqs": "sqs.given",
}


def writes(*_: Any) -> None:
    pytest.fail("a look has written")


READY = {  # in the log of one that is up
    "redis": "Ready to accept connections",
    "postgresql": "ready to accept connections",
    "mysql": "ready for connections",
    "rabbitmq": "user: 'bench'",
    "sqs": "(the log is empty)",
}


@pytest.mark.parametrize("broker", NAMES)
def test_a_broker_stands_until_it_is_told_to_go(
    command: Command, place: Path, broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        provider = brokers.BrokerChoice(broker, "auto").settled().provider
    except UsageError as error:
        missing(str(error))
    for name, value in {**dict.fromkeys(NOTHING, os.devnull), **HOSTILE}.items():
        monkeypatch.setenv(name, value)  # set for other servers of its kind
    done = command("up", broker)
    assert done.returncode == 0, done.stderr
    known = standing(place, broker)
    assert known.url in done.stdout
    assert known.provider == provider
    assert known.pid is not None
    process = psutil.Process(known.pid)
    assert os.getsid(process.pid) == process.pid  # out of reach of the terminal and of the caller
    mode = stat.S_IMODE((place / broker / STANDING).stat().st_mode)
    assert mode == 0o600  # an address may hold a password

    again = command("up", broker)
    assert again.returncode == 0
    assert "is already running" in again.stdout
    assert known.url in again.stdout
    assert standing(place, broker) == known

    seen = command("status")
    assert seen.returncode == 0
    holds = "unknown" if broker in {"rabbitmq", "sqs"} else "nothing"
    for word in (broker, provider, known.version, str(process.pid), holds, known.url):
        assert word in seen.stdout
    monkeypatch.setattr(f"infrastructure.{RIGHTS[broker]}.try_rights", writes)
    assert contents(known) == holds

    shown = command("logs", broker)
    assert shown.returncode == 0
    assert READY[broker] in shown.stdout

    ended = command("down")
    assert (ended.returncode, ended.stdout) == (0, f"{broker} ended\n")
    assert not is_live(process)
    assert not answers(known.port)
    assert [path.name for path in place.iterdir()] == ["lock"]


def test_a_killed_postgresql_leaves_no_shared_memory(command: Command, place: Path) -> None:
    try:
        brokers.BrokerChoice("postgresql", "auto").settled()
    except UsageError as error:
        missing(str(error))
    command("up", "postgresql")
    (lock,) = (place / "postgresql").glob("postgresql-*/data/postmaster.pid")
    number = lock.read_text().splitlines()[6].split()[1]
    assert f"segment {number}" in segments()
    kill(place, "postgresql")
    done = command("down", "postgresql")
    assert (done.returncode, done.stdout) == (0, "postgresql had died; cleared away\n")
    assert f"segment {number}" not in segments()


def test_the_command_that_up_prints_is_one_that_bench_takes(command: Command, place: Path) -> None:
    done = command("up", "redis")
    [line] = [line for line in done.stdout.splitlines() if "use it:" in line]
    words = shlex.split(line.partition("use it:")[2])
    assert words[:3] == ["nox", "-s", "bench-{}.{}(asynctasq)".format(*sys.version_info)]
    parsed = typed("bench", words[words.index("--") + 1 :])
    assert parsed.broker_url == standing(place).url
    brokers.BrokerChoice("redis", "url", parsed.broker_url).settled()  # empty, and it answers


def test_what_it_holds_is_seen_and_stays(command: Command, place: Path) -> None:
    command("up", "redis")
    with redis.Redis.from_url(standing(place).url) as client:
        client.mset({"a": 1, "b": 2})
        assert contents(standing(place)) == "2 keys"
        assert client.dbsize() == 2


def test_another_one_than_the_one_that_stands_is_refused(command: Command, place: Path) -> None:
    command("up", "redis")
    known = standing(place)
    done = command("up", "redis", "--provider", "native")
    assert done.returncode == 1
    assert "another one is already running" in done.stderr
    assert "nox -s infra -- down redis" in done.stderr
    assert standing(place) == known


def test_one_that_died_is_said_and_started_anew(command: Command, place: Path) -> None:
    command("up", "redis")
    kill(place)
    first = standing(place)
    seen = command("status")
    assert seen.returncode == 1
    assert "died" in seen.stdout
    assert "Ready to accept connections" in seen.stdout  # its log's end
    done = command("up", "redis")
    assert done.returncode == 0
    assert "ended without `down`" in done.stdout
    assert standing(place).pid != first.pid
    kill(place)
    done = command("down", "redis")
    assert (done.returncode, done.stdout) == (0, "redis had died; cleared away\n")
    assert not (place / "redis").exists()


def test_one_that_hangs_is_not_said_to_be_well(place: Path) -> None:
    folder = half_started(place)
    Standing(
        "redis",
        "embedded",
        False,
        "v",
        f"redis://127.0.0.1:{free_port()}/0",
        os.getpid(),
        str(born(os.getpid())),
        time.time(),
    ).write(folder)
    cells, remark = status.row(folder)
    assert "no answer" in cells
    assert "nothing answers at port" in remark


def earlier(pid: int) -> Born:
    """When somebody else began, who had that number before."""
    began = born(pid)
    assert began
    return began._replace(ticks=began.ticks - 100)


def half_started(place: Path) -> Path:
    """A folder as a killed ``up`` leaves it."""
    made = TrialFolder.create(place, "redis", {})
    made.release()
    return made.path


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        yield process
        process.kill()


def test_what_a_killed_up_left_is_ended(place: Path, sleeper: subprocess.Popen[bytes]) -> None:
    folder = half_started(place)
    (folder / SESSIONS).write_text(f"{sleeper.pid} {born(sleeper.pid)} broker\n")
    assert "died while it started" in status.row(folder)[1]
    down.bring_down(folder)
    assert sleeper.wait(5) == -signal.SIGTERM
    assert not folder.exists()


def test_a_number_that_is_somebody_elses_now_is_left_alone(
    place: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    folder = half_started(place)
    (folder / SESSIONS).write_text(f"{sleeper.pid} {earlier(sleeper.pid)} broker\n")
    down.clear(folder)
    assert not folder.exists()
    time.sleep(0.1)
    assert sleeper.poll() is None


def test_whose_a_session_is() -> None:
    mine = os.getpid()
    began = born(mine)
    assert began
    assert is_same(mine, began)
    assert is_ours(mine, began)
    assert not is_ours(mine, earlier(mine))
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert is_ours(gone.pid, Born.now())  # its members may be left
    assert not is_ours(gone.pid, Born("another boot", 1))  # the machine was started since


def test_what_works_in_a_folder_is_seen_until_it_is_gone(tmp_path: Path) -> None:
    """By this the whole run of tests is judged at its end."""
    assert at_work_below(tmp_path) == []
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path) as left:
        assert [process.pid for process in at_work_below(tmp_path.parent)] == [left.pid]
        left.kill()
    assert at_work_below(tmp_path) == []


def test_a_process_that_left_the_session_is_ended_by_where_it_works(place: Path) -> None:
    folder = half_started(place)
    with subprocess.Popen(["sleep", "60"], start_new_session=True, cwd=folder) as left:
        down.clear(folder)
        assert not psutil.pid_exists(left.pid)


def in_time(seen: Callable[[], bool]) -> bool:
    """Whether it comes true within seconds."""
    deadline = time.monotonic() + 10
    while not (found := seen()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return found


TERMINAL = """\
import os, pty, sys, time
pid, _ = pty.fork()
if pid == 0:
    os.chdir(sys.argv[1])
    os.execvp("sleep", ["sleep", "60"])
print(pid, flush=True)
time.sleep(60)
"""


def test_who_looks_in_from_a_terminal_stays(place: Path) -> None:
    """From one, too, that was opened after this process had first looked who has which."""
    psutil.Process().terminal()
    folder = half_started(place)
    with subprocess.Popen(
        [sys.executable, "-c", TERMINAL, str(folder)], stdout=subprocess.PIPE, text=True
    ) as outer:
        assert outer.stdout is not None
        person = psutil.Process(int(outer.stdout.readline()))
        assert in_time(lambda: person.cwd() == str(folder))
        down.clear(folder)
        try:
            assert is_live(person)  # a killed one would be a zombie, and still running to psutil
        finally:
            person.kill()
            outer.kill()


def test_a_server_that_ignores_the_first_signal(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "infrastructure.processes.folder.ASKED", ((signal.SIGTERM, 0.2), (signal.SIGINT, 5.0))
    )
    program = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit(print('interrupted')));"
        "print('up', flush=True); time.sleep(60)"
    )
    folder = half_started(place)
    with subprocess.Popen(
        [sys.executable, "-c", program],
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as stubborn:
        assert stubborn.stdout is not None
        stubborn.stdout.readline()
        (folder / SESSIONS).write_text(f"{stubborn.pid} {born(stubborn.pid)} broker\n")
        down.clear(folder)
        assert stubborn.stdout.read() == b"interrupted\n"
        assert stubborn.wait(5) == 0


def test_a_start_that_fails_leaves_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> object:
        raise BenchError("no disk")

    monkeypatch.setattr(brokers.BrokerChoice, "start", fail)
    with pytest.raises(BenchError, match="no disk"):
        up.start(place, brokers.BrokerChoice("redis", "embedded"))
    assert list(place.iterdir()) == []


def test_a_file_of_another_version_counts_as_none(place: Path) -> None:
    folder = half_started(place)
    assert Standing.read(folder) is None
    for text in ("", "[]", json.dumps({"broker": "redis"})):
        (folder / STANDING).write_text(text)
        assert Standing.read(folder) is None


def test_nothing_stands(command: Command) -> None:
    for words, code, said in [
        (("status",), 0, "no broker is running; start one"),
        (("status", "redis"), 1, "redis: it is not running; start it: nox -s infra -- up redis"),
        (("down",), 0, "no broker is running"),
        (("down", "redis"), 0, "redis is not running"),
        (("logs", "redis"), 1, "redis: it is not running"),
    ]:
        done = command(*words)
        assert done.returncode == code
        assert said in done.stdout + done.stderr


def test_one_command_at_a_time(command: Command, place: Path) -> None:
    place.mkdir()
    with (place / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = command("down")
    assert done.returncode == 4
    assert "wait until it is done" in done.stderr


def test_what_a_broker_does_not_offer_is_a_wrong_word(command: Command, place: Path) -> None:
    done = command("up", "redis", "--durability", "relaxed")
    assert done.returncode == 2
    assert "redis has no such variant" in done.stderr
    assert broker.standing_in(place) == []
