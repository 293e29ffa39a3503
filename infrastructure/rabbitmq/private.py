"""A private RabbitMQ server: its folder, ports, password and port mapper, and when it is ready."""

import re
import secrets
import signal
import tempfile
import time
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path

from infrastructure.errors import TrialFailed
from infrastructure.processes.child import Child, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.processes.role import Role
from infrastructure.rabbitmq.management import Management
from infrastructure.rabbitmq.program import epmd_program
from infrastructure.redact import new_password
from infrastructure.servers import ENVIRONMENT, free_port

READY_S = 60.0  # it takes 8 s where nothing else runs
READY_POLL_S = 0.1
USER = "bench"

# The pinned configuration; everything else is the server's default.
CONFIG = {
    "default_user": USER,  # instead of guest, not beside it
    "default_vhost": USER,
    # A full disk fails the trial by what breaks then. The default stops publishers without a word.
    "disk_free_limit.absolute": "1MB",
    # The plugins below answer questions, and gather nothing by themselves.
    "management.rates_mode": "none",
    "management_agent.disable_metrics_collector": "true",
    "log.console": "true",
    "log.console.use_colors": "off",
    "log.file": "false",
}
# What a quorum queue's consumers hold is counted anew so often (ms); by default every 5 s.
ADVANCED = "[{rabbit, [{quorum_tick_interval, 200}]}].\n"
PLUGINS = ("rabbitmq_management", "rabbitmq_prometheus")
# No setting of the server trades safety for speed: whether a message outlives a restart is said by
# who declares its queue and publishes it.
RELAXED: dict[str, str] = {}
ERROR = re.compile(r"\[error\] <[\d.]+>(.*)")
ERROR_LINES = 8
TAIL_CHARACTERS = 2000
TAKEN = ("eaddrinuse", "in use by another process")  # a listener's word, the distribution's


class Private:
    """What a server of ours keeps over a restart: folder, ports, password, and its port mapper.

    It listens on loopback; where the trial's roles are on several hosts, on the address that they
    reach, for who has the password. Erlang's own ports stay on loopback.

    The mapper is a child of ours. One that the server starts leaves its session, outlives it and
    listens to every network.
    """

    def __init__(self, program: str, folder: TrialFolder, more: Mapping[str, str]) -> None:
        self._program, self._folder = program, folder
        self.home = Path(tempfile.mkdtemp(prefix="rabbitmq-", dir=folder.path))
        self.port, self._http, self._metrics, self._distribution, self._mapper_port = (
            free_port() for _ in range(5)
        )
        password, self._address = new_password(), folder.places.broker.address
        self.url = f"amqp://{USER}:{password}@{self._address}:{self.port}/{USER}"
        ports = (self._http, self._metrics)
        self.management = Management(self._address, ports, USER, password, USER)
        self._write(more, password)
        self._environment = self._make_environment()
        self._log, self._log_begin = folder.path / "broker.log", 0
        self._broker: Child | None = None
        self._mapper = self._start_mapper()

    def _write(self, more: Mapping[str, str], password: str) -> None:
        options = {
            **CONFIG,
            **more,
            "default_pass": password,
            "listeners.tcp.default": f"{self._address}:{self.port}",
            "management.tcp.ip": self._address,
            "management.tcp.port": str(self._http),
            "prometheus.tcp.ip": self._address,
            "prometheus.tcp.port": str(self._metrics),
        }
        lines = [f"{key} = {value}\n" for key, value in options.items()]
        (self.home / "rabbitmq.conf").write_text("".join(lines))
        (self.home / "advanced.config").write_text(ADVANCED)
        (self.home / "enabled_plugins").write_text(f"[{','.join(PLUGINS)}].\n")
        cookie = self.home / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)  # Erlang refuses one that others may read

    def _make_environment(self) -> dict[str, str]:
        """Nothing is read from or written to the folders of an installed system service."""
        folders = {
            "HOME": "",
            "RABBITMQ_MNESIA_BASE": "data",
            "RABBITMQ_LOG_BASE": "log",
            "RABBITMQ_CONFIG_FILE": "rabbitmq.conf",
            "RABBITMQ_CONFIG_FILES": "conf.d/*.conf",  # the rest of these need not be there
            "RABBITMQ_ADVANCED_CONFIG_FILE": "advanced.config",
            "RABBITMQ_CONF_ENV_FILE": "rabbitmq-env.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": "enabled_plugins",
        }
        return {
            **ENVIRONMENT,
            **{name: str(self.home / inside) for name, inside in folders.items()},
            "PATH": f"{Path(epmd_program()).parent}:{ENVIRONMENT['PATH']}",
            "RABBITMQ_NODENAME": f"{USER}@localhost",
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_SECONDS": "0",
            "ERL_FLAGS": "-start_epmd false",  # the server's helper programs too start none
            # The script then becomes the server; else it stays as its parent, and stops it by
            # asking. There is no systemd to talk to without NOTIFY_SOCKET.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def _start_mapper(self) -> Child:
        argv = [epmd_program(), "-port", str(self._mapper_port), "-address", "127.0.0.1"]
        return start(argv, Role.PORT_MAPPER, self._folder, self._environment, "epmd")

    def start(self) -> Child:
        self._log_begin = self._log.stat().st_size if self._log.exists() else 0
        argv = [self._program]
        self._broker = start(argv, Role.BROKER, self._folder, self._environment, "broker")
        return self._broker

    def end(self) -> None:
        """Nothing of it is wanted any more: a graceful end would take 6 s."""
        if self._broker is not None:
            self._broker.stop(signal.SIGKILL)
        self._mapper.stop()

    def said(self) -> str:
        """The broker's log since it was started last."""
        with self._log.open(errors="replace") as log:
            log.seek(self._log_begin)
            return log.read()

    def why_not(self) -> str:
        """Its first errors: what follows is hundreds of lines of how its parts took them."""
        said = self.said()
        errors = [line.strip() for line in ERROR.findall(said) if line.strip()]
        return "\n".join(errors[:ERROR_LINES]) or said[-TAIL_CHARACTERS:].strip()

    def port_was_taken(self) -> bool:
        """The mapper ends without a word when its port is taken."""
        return not self._mapper.alive() or any(word in self.said() for word in TAKEN)


def wait_ready(child: Child, private: Private) -> bool:
    """True when our own server takes connections; nobody else knows its random password. One whose
    port is taken is not waited for: it would take seconds to find that out and to end.
    """
    deadline = time.monotonic() + READY_S
    while child.alive() and not private.port_was_taken() and time.monotonic() < deadline:
        if is_ready(private):
            return True
        time.sleep(READY_POLL_S)
    return False


def is_ready(private: Private) -> bool:
    """Asks everything once: the first answer of a kind takes 0.1 s of the server's CPU, which is
    no part of a measurement.
    """
    management = private.management
    try:
        if not management.listens(private.port):
            return False
        management.queues()
        management.learn_cost()
    except (OSError, HTTPException, ValueError, TrialFailed):
        return False  # not there yet; or somebody else's port, then ours ends by itself
    return True
