"""The docker provider, with a program that stands for docker and writes down what it is asked.

It answers as Docker's manual says. What only a real engine shows is listed in docs/brokers.md.
"""

import json
import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from harness.cli.matrix import Matrix
from harness.commands import COMMANDS
from harness.trial.cell import Arm
from harness.trial.ending import log_tail
from harness.trial.leftovers import recover, remove_container
from infrastructure import docker
from infrastructure import redis as redis_service
from infrastructure.brokers import BrokerChoice, providers_of
from infrastructure.docker import PROJECT, project_of
from infrastructure.errors import BrokerGap, TrialFailed, UsageError
from infrastructure.processes.folder import TRIAL, TrialFolder
from infrastructure.service import Broker
from tests.integration.trials import Trial

# Answers by the words of a command; each is (exit code, output). Every call is a line of `calls`.
FAKE = """\
#!{python} -I
import json, os, pathlib, sys
here = pathlib.Path(__file__).parent
with (here / "calls").open("a") as file:
    known = {k: v for k, v in os.environ.items() if k.startswith("BENCH_")}
    file.write(json.dumps([sys.argv[1:], known]) + "\\n")
for word, code, said in json.loads((here / "answers").read_text()):
    if word in sys.argv:
        print(said, file=sys.stderr if code else sys.stdout)
        sys.exit(code)
"""
WELL: list[tuple[str, int, str]] = [
    ("version", 0, "Docker Compose version v2.40.0"),
    ("info", 0, "28.2.2"),
    ("up", 0, ""),
    ("down", 0, ""),
    ("logs", 0, "redis-1  | Ready to accept connections"),
    ("ps", 0, "0123456789ab"),
]


class Fake:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / "docker"
        program.write_text(FAKE.replace("{python}", sys.executable))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        self.answer()

    def answer(self, *other: tuple[str, int, str]) -> None:
        """These first, what is usual for all other words."""
        (self.folder / "answers").write_text(json.dumps([*other, *WELL]))

    def calls(self, word: str) -> list[tuple[list[str], dict[str, str]]]:
        path = self.folder / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        return [tuple(call) for call in map(json.loads, lines) if word in call[0]]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return Fake(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[TrialFolder]:
    made = TrialFolder.create(tmp_path / "spool", "trial-7", {})
    yield made
    made.remove()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Broker]:
    """The server that the container would be: a real one, at the port that the fake names."""
    home = TrialFolder.create(tmp_path / "server", "s", {})
    started = BrokerChoice("redis", "embedded").start(home, {})
    yield started
    started.stop()
    home.remove()


Start = Callable[[], Broker]


@pytest.fixture
def contained(
    fake: Fake, folder: TrialFolder, server: Broker, monkeypatch: pytest.MonkeyPatch
) -> Start:
    """Start Redis by Docker. The real server has no password, so the address is given without."""
    port, without = urlsplit(server.url).port, "redis://127.0.0.1:{port}/0"
    monkeypatch.setitem(docker.SERVICES, "redis", (6379, without))
    fake.answer(("port", 0, f"127.0.0.1:{port}"))
    return lambda: BrokerChoice("redis", "docker").start(folder, {})


def test_one_service_is_started_and_removed_with_its_volumes(
    fake: Fake, contained: Start, folder: TrialFolder
) -> None:
    broker = contained()
    assert broker.process is None
    assert broker.version.startswith(("valkey ", "redis "))
    [(up, known)] = fake.calls("up")
    project = up[up.index("-p") + 1]
    assert up == [
        "compose",
        "-p",
        project,
        "-f",
        str(docker.COMPOSE),
        "--profile",
        "redis",
        "up",
        "--detach",
        "--wait",
        "--wait-timeout",
        str(docker.READY_S),
        "--quiet-pull",
        "redis",
    ]
    assert project.startswith("bench-")
    assert known["BENCH_TRIAL"] == "trial-7"
    assert len(known["BENCH_PASSWORD"]) == 32
    assert (folder.path / PROJECT).read_text() == f"{project} redis\n"
    assert fake.calls("down") == []
    broker.stop()
    assert docker.remarks(folder.path) == []
    [(down, known)] = fake.calls("down")
    assert down[:3] == ["compose", "-p", project]
    assert "--volumes" in down
    assert known["BENCH_PASSWORD"]  # Compose refuses the file without


def test_each_start_has_a_project_and_a_password_of_its_own(fake: Fake, contained: Start) -> None:
    for _ in range(2):
        contained().stop()
    (first, one), (second, two) = fake.calls("up")
    assert first[2] != second[2]
    assert one["BENCH_PASSWORD"] != two["BENCH_PASSWORD"]


def test_what_the_framework_left_goes_with_the_container(fake: Fake, contained: Start) -> None:
    broker = contained()
    with pytest.raises(BrokerGap, match="not ours to restart"):
        broker.restart(0)
    broker.stop()
    assert len(fake.calls("down")) == 1


@pytest.mark.parametrize("name", docker.SERVICES)
def test_an_address_holds_password_and_port(name: str) -> None:
    inside, form = docker.SERVICES[name]
    parts = urlsplit(form.format(password="word", port=40123))
    assert (parts.hostname, parts.port, parts.password) == ("127.0.0.1", 40123, "word")
    assert 1024 < inside < 65536


def test_a_container_that_does_not_get_well_says_why_and_is_removed(
    fake: Fake, contained: Start
) -> None:
    fake.answer(
        ("up", 1, "container bench-redis-1 is unhealthy"),
        ("logs", 0, "Fatal: can't open the log file"),
    )
    with pytest.raises(TrialFailed, match=r"is unhealthy\n.*can't open the log file"):
        contained()
    assert len(fake.calls("down")) == 1


@pytest.mark.parametrize("said", ["", "0.0.0.0:49153", "127.0.0.1:", "[::]:49153"])
def test_an_answer_that_is_no_loopback_port_is_refused(
    fake: Fake, contained: Start, said: str
) -> None:
    fake.answer(("port", 0, said))
    with pytest.raises(TrialFailed, match=r"expected 127\.0\.0\.1:PORT"):
        contained()
    assert len(fake.calls("down")) == 1


def test_a_server_that_cannot_be_used_fails_the_trial_only(
    fake: Fake, contained: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Broker:
        raise UsageError("holds data")

    monkeypatch.setattr(redis_service, "connect", refuse)
    with pytest.raises(TrialFailed, match="cannot be used: holds data"):
        contained()
    assert len(fake.calls("down")) == 1


def test_a_container_that_stays_is_an_error_with_what_to_type(fake: Fake, contained: Start) -> None:
    broker = contained()
    fake.answer(("down", 1, "Error response from daemon"))
    with pytest.raises(TrialFailed, match="docker rm --force --volumes"):
        broker.stop()


def test_one_that_died_leaves_its_log_and_no_second_error(
    fake: Fake, folder: TrialFolder, contained: Start, server: Broker
) -> None:
    del contained
    broker = BrokerChoice("redis", "docker").start(folder, {}, keys=["celery*"])
    assert server.process is not None
    server.process.signal_all(signal.SIGKILL)
    server.process.process.wait()
    fake.answer(("logs", 0, "redis-1  | Out of memory"))
    broker.stop()
    assert len(fake.calls("down")) == 1
    [remark] = docker.remarks(folder.path)
    assert "could not be cleaned before its removal (ConnectionError: " in remark
    tail = log_tail([], folder.path / docker.LOG)
    assert tail == "── broker (container.log)\nredis-1  | Out of memory"


def test_a_remark_about_a_container_stands_in_the_trials_row(
    make_arm: Callable[..., Arm], trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(folder: Path) -> list[str]:
        assert folder.exists()
        return ["the server could not be cleaned"]

    monkeypatch.setattr(docker, "remarks", refused)
    row = trial(make_arm(), "throughput").trial
    assert str(row.remarks).endswith("the server could not be cleaned")


def test_a_folder_knows_its_project(fake: Fake, contained: Start, folder: TrialFolder) -> None:
    assert project_of(folder.path) is None
    broker = contained()
    project = project_of(folder.path)
    assert project is not None
    assert project.runs()
    assert "Ready to accept" in project.logs()
    fake.answer(("ps", 0, ""))
    assert not project.runs()
    broker.stop()


def test_the_next_session_removes_what_a_killed_one_left(fake: Fake, tmp_path: Path) -> None:
    made = TrialFolder.create(tmp_path / "spool", "killed", {})
    assert remove_container(made.path) == ""
    (made.path / PROJECT).write_text("bench-1 redis\n")
    (made.path / TRIAL).unlink()  # there is nothing to store
    made.release()
    [sentence] = recover(tmp_path / "results.duckdb", tmp_path / "spool")
    assert sentence.endswith(", its container removed")
    [(down, _)] = fake.calls("down")
    assert down[:3] == ["compose", "-p", "bench-1"]


def test_a_container_that_stays_does_not_stop_the_next_session(fake: Fake, tmp_path: Path) -> None:
    (tmp_path / PROJECT).write_text("bench-1 redis\n")
    fake.answer(("down", 1, "Cannot connect"))
    assert "docker rm --force" in remove_container(tmp_path)


def test_a_container_stands_too(
    fake: Fake,
    contained: Start,
    tmp_path: Path,
    matrix: Matrix,
    server: Broker,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = tmp_path / "infra"

    def command(*words: str) -> int:
        return COMMANDS["infra"].main([*words, "--place", str(place)], matrix)

    del contained
    assert command("up", "redis", "--provider", "docker") == 0
    assert server.url in capsys.readouterr().out
    assert command("status", "redis") == 0
    assert "container" in capsys.readouterr().out
    assert command("logs", "redis") == 0
    assert "redis-1  | Ready to accept" in capsys.readouterr().out
    fake.answer(("ps", 0, ""))
    assert command("status", "redis") == 1
    assert "died" in capsys.readouterr().out
    [(up, _)] = fake.calls("up")
    assert command("down") == 0
    [(down, _)] = fake.calls("down")
    assert down[:7] == up[:7]
    assert not (place / "redis").exists()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (("version", 1, "unknown command: docker compose"), "has no Compose (unknown command"),
        (("info", 1, "Cannot connect to the Docker daemon"), "no engine answers (Cannot connect"),
        (("info", 0, ""), "no engine answers"),
    ],
)
def test_what_is_missing_is_said(fake: Fake, answer: tuple[str, int, str], said: str) -> None:
    fake.answer(answer)
    with pytest.raises(UsageError) as refused:
        BrokerChoice("redis", "docker").settled()
    assert said in str(refused.value)


def test_no_docker_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="no docker on PATH"):
        BrokerChoice("redis", "docker").settled()


def test_auto_takes_docker_last(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert providers_of("redis") == ("embedded", "native", "docker")

    def nowhere(_provider: str) -> str:
        raise UsageError("no server")

    monkeypatch.setattr(redis_service, "find", nowhere)
    assert BrokerChoice("redis", "auto").settled().provider == "docker"
    fake.answer(("info", 1, "Cannot connect"))
    with pytest.raises(UsageError, match=r"(?s)embedded: no.*native: no.*docker: .*no engine"):
        BrokerChoice("redis", "auto").settled()


def test_a_container_is_never_relaxed(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_service, "RELAXED", {"appendfsync": "no"})
    with pytest.raises(UsageError, match="pinned production configuration"):
        BrokerChoice("redis", "docker", relaxed=True).settled()
    monkeypatch.setattr(redis_service, "PROVIDERS", ())
    with pytest.raises(UsageError, match="no redis server can be started"):
        BrokerChoice("redis", "auto", relaxed=True).settled()
    assert fake.calls("up") == []
