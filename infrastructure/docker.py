"""Any broker in a container: the image that compose.yaml pins, for one trial.

A container belongs to a Compose project of its own, with a random password and a port that Docker
chooses. It is gone with its volumes when the broker is stopped.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from infrastructure.errors import TrialFailed, UsageError
from infrastructure.processes.folder import TrialFolder
from infrastructure.service import Broker

COMPOSE = Path(__file__).with_name("compose.yaml")
PROJECT = "compose-project"  # file of a folder: the name of the project that belongs to it
LOG = "container.log"  # file of a folder: how the log of its container ended
REFUSED = "container.refused"  # file of a folder: why its server could not be told to forget
# Service of compose.yaml by broker: its port in the container, and its address from here.
SERVICES = {
    "redis": (6379, "redis://default:{password}@127.0.0.1:{port}/0"),
    "postgresql": (5432, "postgresql://bench:{password}@127.0.0.1:{port}/bench"),
    "mysql": (3306, "mysql://bench:{password}@127.0.0.1:{port}/bench"),
    "rabbitmq": (5672, "amqp://bench:{password}@127.0.0.1:{port}/bench"),
    "sqs": (9324, "http://bench:{password}@127.0.0.1:{port}"),  # it takes any key
}
ANSWER_S = 30.0
DOWN_S = 120.0
READY_S = 120  # from the container's start
PULL_S = 1800.0  # an image that is not here yet is downloaded first
LOG_LINES = "40"


def find() -> str:
    """The docker program, tried: Compose is there, an engine answers. Raises UsageError."""
    program = shutil.which("docker")
    if program is None:
        raise UsageError(
            "--provider docker: no docker on PATH; install Docker Engine 25 or newer with its "
            "Compose plugin (https://docs.docker.com/engine/install)"
        )
    said = call(program, "compose", "version")
    if said.returncode:
        raise UsageError(
            f"--provider docker: {program} has no Compose ({first_line(said)}); install it: "
            "apt-get install docker-compose-plugin (on Ubuntu: docker-compose-v2), elsewhere as "
            "https://docs.docker.com/compose/install says"
        )
    engine_version(program)
    return program


def engine_version(program: str) -> str:
    """What the engine says of itself. Raises UsageError when none answers."""
    said = call(program, "info", "--format", "{{.ServerVersion}}")
    if said.returncode or not said.stdout.strip():
        raise UsageError(
            f"--provider docker: no engine answers ({first_line(said)}); start it: sudo systemctl "
            "start docker, or Docker Desktop; if only the right is missing: sudo usermod -aG "
            "docker $USER, and log in anew"
        )
    return said.stdout.strip()


def call(
    program: str, *words: str, more: Mapping[str, str] | None = None, timeout: float = ANSWER_S
) -> subprocess.CompletedProcess[str]:
    """What a docker command answers; one that does not answer in time has failed."""
    argv = [program, *words]
    try:
        return subprocess.run(
            argv,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(more or {})},
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(argv, 1, "", f"no answer within {timeout:.0f} s")
    except OSError as error:
        return subprocess.CompletedProcess(argv, 1, "", str(error))


def first_line(said: subprocess.CompletedProcess[str]) -> str:
    return lines_of(said)[0]


def last_line(said: subprocess.CompletedProcess[str]) -> str:
    return lines_of(said)[-1]


def lines_of(said: subprocess.CompletedProcess[str]) -> list[str]:
    """What it said, errors first; how it ended where it said nothing."""
    lines = [line.strip() for line in (said.stderr + said.stdout).splitlines()]
    return [line for line in lines if line] or [f"exit code {said.returncode}"]


@dataclass(frozen=True)
class Project:
    """One service of compose.yaml under a project's name. ``password`` matters to ``up`` only, but
    Compose reads the file each time and refuses it without one.
    """

    program: str
    name: str
    service: str
    trial: str = "none"
    password: str = "unused"  # noqa: S105  see above

    def compose(self, *words: str, timeout: float = ANSWER_S) -> subprocess.CompletedProcess[str]:
        before = ("compose", "-p", self.name, "-f", str(COMPOSE), "--profile", self.service)
        more = {"BENCH_PASSWORD": self.password, "BENCH_TRIAL": self.trial}
        return call(self.program, *before, *words, more=more, timeout=timeout)

    def up(self) -> None:
        """Start it and wait until it is healthy. Raises TrialFailed with its log's end."""
        said = self.compose(
            "up",
            "--detach",
            "--wait",
            "--wait-timeout",
            str(READY_S),
            "--quiet-pull",
            self.service,
            timeout=PULL_S,
        )
        if said.returncode:
            raise TrialFailed(
                f"the container of {self.service} did not start: {last_line(said)}\n{self.logs()}"
            )

    def port(self) -> int:
        """The loopback port that Docker chose. Raises TrialFailed."""
        inside = SERVICES[self.service][0]
        said = self.compose("port", self.service, str(inside))
        host, _, port = said.stdout.strip().rpartition(":")
        if said.returncode or host != "127.0.0.1" or not port.isdecimal():
            raise TrialFailed(
                f"docker compose port {self.service} {inside}: expected 127.0.0.1:PORT, found: "
                + (said.stdout.strip() or last_line(said))
            )
        return int(port)

    def logs(self) -> str:
        return self.compose("logs", "--no-color", "--tail", LOG_LINES, self.service).stdout

    def runs(self) -> bool:
        said = call(self.program, "ps", "--quiet", "--filter", self.label)
        return said.returncode == 0 and bool(said.stdout.strip())

    @property
    def label(self) -> str:
        return f"label=com.docker.compose.project={self.name}"

    def down(self) -> None:
        """Remove its containers, volumes and network. Raises TrialFailed saying what stays."""
        said = self.compose("down", "--volumes", "--timeout", "10", timeout=DOWN_S)
        if said.returncode:
            raise TrialFailed(
                f"the container of {self.service} could not be removed ({last_line(said)}); do it "
                f"by hand: docker rm --force --volumes $(docker ps --all --quiet --filter "
                f"{self.label})"
            )


def start_service(
    name: str, folder: TrialFolder, connect: Callable[[str], Broker], program: str
) -> Broker:
    """A broker's service for the owner of a folder; ``connect`` makes a broker of its address.

    Raises TrialFailed with its log's end. Its CPU cannot be seen from here: ``process`` is None.
    """
    project = Project(
        program, f"bench-{secrets.token_hex(6)}", name, folder.path.name, secrets.token_hex(16)
    )
    (folder.path / PROJECT).write_text(f"{project.name} {name}\n")
    try:
        project.up()
        url = SERVICES[name][1].format(password=project.password, port=project.port())
        return removing(connected(connect, url), project, folder.path)
    except BaseException:
        project.down()
        raise


def connected(connect: Callable[[str], Broker], url: str) -> Broker:
    """A server that we started and cannot use is a failed trial, not a wrong command."""
    try:
        return connect(url)
    except UsageError as error:
        raise TrialFailed(f"the container runs and cannot be used: {error}") from None


def removing(broker: Broker, project: Project, folder: Path) -> Broker:
    """The same broker, whose ``stop`` keeps the end of the container's log and removes it.

    What the framework left goes with it. So a server that has died, and cannot be told to forget
    that, is a remark here: an error would stand in the place of what the trial failed of.
    """
    stop = broker.stop

    def stop_and_remove() -> None:
        (folder / LOG).write_text(project.logs())
        try:
            stop()
        except Exception as error:  # noqa: BLE001  whatever it is, it is said and the container goes
            (folder / REFUSED).write_text(f"{type(error).__name__}: {error}")
        finally:
            project.down()

    broker.stop = stop_and_remove  # type: ignore[method-assign]
    return broker


def remarks(folder: Path) -> list[str]:
    """What is worth a remark about a container that belonged to a folder, after its end."""
    try:
        why = (folder / REFUSED).read_text()
    except FileNotFoundError:
        return []
    return [f"the server in the container could not be cleaned before its removal ({why})"]


def project_of(folder: Path) -> Project | None:
    """The project that belongs to a folder, whoever started it."""
    try:
        name, service = (folder / PROJECT).read_text().split()
    except FileNotFoundError:
        return None
    return Project(shutil.which("docker") or "docker", name, service)
