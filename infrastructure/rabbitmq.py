"""RabbitMQ: an installed server, started privately, or a given URL.

A server of ours is looked at by its management plugin, which asks each queue itself: what it says
of classic queues is true at that moment. (Quorum queues tell it every few seconds only.) Nothing
is gathered for it while messages pass. A given server is looked at by AMQP, which knows less.
"""

import base64
import json
import os
import re
import secrets
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import amqp  # type: ignore[import-untyped]

from infrastructure.errors import BrokerGap, TrialFailed, UsageError
from infrastructure.processes.child import Child, start
from infrastructure.processes.folder import TrialFolder
from infrastructure.service import (
    ENVIRONMENT,
    PORT_TRIES,
    Depth,
    ask_version,
    free_port,
    hash_of,
)

PROVIDERS = ("native",)
URL = "amqp://USER:PASSWORD@HOST:PORT/VHOST"
BY_NAME = True
OLDEST = (3, 8)
READY_S = 60.0  # it takes 8 s where nothing else runs
READY_POLL_S = 0.1
END_S = 30.0  # a graceful end takes 6 s
ANSWER_S = 10.0
SBIN = "/usr/local/sbin:/usr/sbin:/sbin:/opt/homebrew/sbin"  # often not on a user's PATH
DEBIAN = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
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
PLUGINS = ("rabbitmq_management", "rabbitmq_prometheus")
# No setting of the server trades safety for speed: whether a message outlives a restart is said by
# who declares its queue and publishes it.
RELAXED: dict[str, str] = {}

# Counters of the server that are exact at once, by what was done with a message. One ack may speak
# for many messages, and counts for each of them. ``deliver`` is every kind of delivery: 3.10 has
# counters by kind too, and leaves them at 0.
COUNTERS = {
    "received": "publish",
    "confirmed": "confirm",
    "delivered": "deliver",
    "get_empty": "get_empty",
    "acknowledged": "ack",
}
COUNTED = re.compile(r"^rabbitmq_global_messages_(\w+)_total\{.*\} (\d+)$", re.MULTILINE)
MOVED = re.compile(r"^erlang_vm_statistics_bytes_(?:received|output)_total (\d+)$", re.MULTILINE)
MEMORY = re.compile(r"^erlang_vm_memory_bytes_total\{.*\} (\d+)$", re.MULTILINE)
# Every queue tells both together, every 5 s; ``_bytes`` are bodies of messages, without headers.
STORED = re.compile(r"^rabbitmq_queue_messages(|_bytes) (\d+)$", re.MULTILINE)
STORED_S = 10.0
ERROR = re.compile(r"\[error\] <[\d.]+>(.*)")
ERROR_LINES = 8
TAIL_CHARACTERS = 2000
TAKEN = ("eaddrinuse", "in use by another process")  # a listener's word, the distribution's
EXCHANGE = "exchange:"
GONE = (OSError, amqp.ConnectionError)


def find(provider: str) -> str:
    """The script that becomes the server; Debian's wrapper of it wants the system's own folders."""
    del provider  # there is one
    epmd_program()
    path = f"{os.environ.get('PATH', '')}:{SBIN}"
    if found := shutil.which("rabbitmq-server", path=path):
        for script in (Path(found).resolve().with_name("rabbitmq-server"), DEBIAN):
            if script.with_name("rabbitmq-env").exists():
                return str(script)
        raise UsageError(
            f"--provider native: {found} is not a layout that is known here: no rabbitmq-env "
            "beside the script; install the system's package: nox -s infra -- install rabbitmq"
        )
    raise UsageError(
        "--provider native: no rabbitmq-server on PATH or in an sbin folder; install one: nox -s "
        f"infra -- install rabbitmq; or name a server with --provider url --broker-url {URL}"
    )


def epmd_program() -> str:
    """Erlang's port mapper, which every RabbitMQ server needs beside it."""
    if found := shutil.which("epmd"):
        return found
    raise UsageError(
        "--provider native: no epmd (Erlang) on PATH; it comes with the server: nox -s infra -- "
        "install rabbitmq"
    )


def program_version(program: str) -> str:
    """Read from the name of its own library: ``rabbitmqctl version`` takes 2 s, starts an epmd on
    the default port and leaves it there. Erlang is tried, and named.
    """
    libraries = (Path(program).resolve().parent.parent / "plugins").glob("rabbit-[0-9]*")
    names = [path.name.removesuffix(".ez").removeprefix("rabbit-") for path in libraries]
    if not names:
        raise UsageError(f"{program}: no RabbitMQ beside it (no plugins/rabbit-VERSION)")
    ask = "io:put_chars(erlang:system_info(otp_release)),halt()."
    erlang = ask_version(str(Path(epmd_program()).with_name("erl")), "-noshell", "-eval", ask)
    return f"{names[0]} on Erlang {erlang}"


# -- looking at a server -----------------------------------------------------------------------


class Management:
    """The HTTP interface of a server's plugins on loopback; several threads may ask."""

    def __init__(self, port: int, metrics_port: int, user: str, password: str, vhost: str) -> None:
        self._port, self._metrics_port = port, metrics_port
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}"}
        self._vhost = quote(vhost, safe="")
        self._counting = threading.Lock()
        self._looked_at, self._cost = 0, 0.0  # bytes of metrics, and those moved for each

    def _ask(self, port: int, path: str, method: str = "GET", also: int = 200) -> bytes:
        """The answer. Raises TrialFailed for any status but 2xx and ``also``."""
        connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
        try:
            connection.request(method, path, headers=self._headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status // 100 != 2 and answer.status != also:
            raise TrialFailed(f"the broker answers {answer.status} to {method} {path}")
        return body

    def version(self) -> str:
        return str(json.loads(self._ask(self._port, "/api/overview"))["rabbitmq_version"])

    def listens(self, port: int) -> bool:
        """Whether this very server, nobody else, takes connections on a port."""
        path = f"/api/health/checks/port-listener/{port}"
        return bool(json.loads(self._ask(self._port, path, also=503))["status"] == "ok")

    def queues(self) -> dict[str, dict[str, Any]]:
        """Every queue of the virtual host by name, its messages counted now."""
        path = f"/api/queues/{self._vhost}?disable_stats=true&enable_queue_totals=true"
        return {queue["name"]: queue for queue in json.loads(self._ask(self._port, path))}

    def close_connections(self) -> None:
        for client in json.loads(self._ask(self._port, "/api/connections")):
            # 404: it went by itself meanwhile.
            path = f"/api/connections/{quote(client['name'], safe='')}"
            self._ask(self._port, path, "DELETE", also=404)

    def metrics(self) -> str:
        text = self._ask(self._metrics_port, "/metrics").decode()
        with self._counting:
            self._looked_at += len(text)
        return text

    def learn_cost(self) -> None:
        """Find out what a look at the metrics moves: three times their size, 0.25 MB, since not
        only the answer passes a port. To be called while nobody else uses the server.
        """
        first, second = self.metrics(), self.metrics()
        self._looked_at, self._cost = 0, ((moved(second) or 0) - (moved(first) or 0)) / len(first)

    def traffic(self) -> int | None:
        """Bytes through the ports of Erlang's virtual machine: its sockets are ports, files not."""
        before = self._looked_at  # this look's own bytes are in the next one's
        found = moved(self.metrics())
        return None if found is None else round(found - before * self._cost)


def moved(metrics: str) -> int | None:
    counts = [int(count) for count in MOVED.findall(metrics)]
    return sum(counts) if counts else None


class Link:
    """A connection of our own by AMQP, one thread at a time; opened again once when it was cut."""

    def __init__(self, url: str) -> None:
        self.where = Address.of(url)
        self._connection: Any = None
        self._one = threading.Lock()  # the sampler asks too

    def call[T](self, ask: Callable[[Any], T]) -> T:
        """What ``ask`` makes of a channel. Raises OSError or AMQPError."""
        with self._one:
            try:
                return self._call(ask)
            except GONE:
                self._drop()
                return self._call(ask)

    def _call[T](self, ask: Callable[[Any], T]) -> T:
        if self._connection is None:
            self._connection = self.where.connection()
        channel = self._connection.channel()
        result = ask(channel)  # an error of a channel closes it
        channel.close()
        return result

    def product(self) -> tuple[str, str]:
        """Name and version of the server."""
        said = self.call(lambda channel: channel.connection.server_properties)
        return str(said.get("product")), str(said.get("version"))

    def held(self, queue: str) -> tuple[int, int] | None:
        """Messages that wait in a queue and its consumers; None where there is no such queue."""
        try:
            found = self.call(lambda channel: channel.queue_declare(queue, passive=True))
        except amqp.NotFound:
            return None
        return int(found.message_count), int(found.consumer_count)

    def close(self) -> None:
        with self._one:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect()  # without a goodbye, which waits for an answer


@dataclass(frozen=True)
class Address:
    """A server and virtual host of it. Its text has no password."""

    host: str
    port: int
    user: str
    password: str
    vhost: str
    encrypted: bool

    @classmethod
    def of(cls, url: str) -> "Address":
        """Raises ValueError for what is not an address of this kind."""
        parts = urlsplit(url)
        if parts.scheme not in {"amqp", "amqps"} or not parts.hostname:
            raise ValueError(f"it must read {URL}")
        encrypted = parts.scheme == "amqps"
        return cls(
            host=parts.hostname, port=parts.port or (5671 if encrypted else 5672),
            user=unquote(parts.username or "guest"), password=unquote(parts.password or "guest"),
            vhost=unquote(parts.path[1:]) or "/", encrypted=encrypted,
        )  # fmt: skip

    def connection(self) -> Any:
        opened = amqp.Connection(
            f"{self.host}:{self.port}", self.user, self.password, virtual_host=self.vhost,
            ssl=self.encrypted, heartbeat=0, connect_timeout=ANSWER_S, read_timeout=ANSWER_S,
            write_timeout=ANSWER_S,
        )  # fmt: skip
        try:
            opened.connect()
        except BaseException:
            opened.collect()
            raise
        return opened

    def __str__(self) -> str:
        return f"{self.host}:{self.port}/{quote(self.vhost, safe='')}"


class Rabbit:
    """A running server. ``sees_in_flight``: whether it can be asked for messages that workers
    hold; without ``management`` it cannot, and depth counts none of them.
    """

    def __init__(
        self, url: str, version: str, config_hash: str, process: Child | None = None,
        management: Management | None = None, keys: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.url = url
        self.version = version
        self.config_hash = config_hash
        self.process = process
        self.sees_in_flight = management is not None
        self.private: Private | None = None  # for a server of ours
        self._management = management
        self._keys = keys
        self._link = Link(url)

    def create(self, queues: Sequence[str]) -> None:
        """Each framework declares its own queues, with arguments that only it knows."""

    def depth(self, names: Mapping[str, Sequence[str]]) -> Depth:
        """``names`` are queues: what waits there counts as ``pending`` or ``delayed``, what is
        delivered and not acknowledged as ``in_flight``. A queue that is not there holds nothing.
        """
        totals = {"pending": 0, "in_flight": 0, "delayed": 0}
        held = self._management.queues() if self._management else self._declared(names)
        for kind, group in names.items():
            part = "messages_unacknowledged" if kind == "in_flight" else "messages_ready"
            totals[kind] = sum(int(held[name].get(part, 0)) for name in group if name in held)
        return Depth(**totals)

    def _declared(self, names: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
        """The same as the management's answer, as far as AMQP tells it."""
        asked = {name for kind, group in names.items() if kind != "in_flight" for name in group}
        found = {name: self._link.held(name) for name in sorted(asked)}
        return {name: {"messages_ready": held[0]} for name, held in found.items() if held}

    def commands(self) -> dict[str, int]:
        """Messages by what was done with them; nothing for a given server."""
        if self._management is None:
            return {}
        counts: Counter[str] = Counter()
        for name, count in COUNTED.findall(self._management.metrics()):
            if name in COUNTERS:
                counts[COUNTERS[name]] += int(count)
        return dict(counts)

    def traffic(self) -> int | None:
        """Bytes of all sockets, our own looks at the metrics taken off; None for a given server."""
        return None if self._management is None else self._management.traffic()

    def wal(self) -> None:
        """It does not say."""

    def cut_connections(self) -> None:
        """Close every client's connection, from the server's side."""
        if self._management is None:
            raise BrokerGap(
                "connections of a given RabbitMQ server cannot be closed: that takes its "
                "management plugin, whose address is not in the URL"
            )
        self._management.close_connections()

    def restart(self, after_s: float) -> Child:
        """End the server, and start it again with its data after that; the new process.

        Raises BrokerGap for a given server, TrialFailed when it does not come back.
        """
        if self.process is None or self.private is None:
            raise BrokerGap("a given server is not ours to restart")
        self.process.stop(grace_s=END_S)
        time.sleep(after_s)
        self.process = self.private.start()
        if not wait_ready(self.process, self.private):
            raise TrialFailed(f"the broker did not come back: {self.private.why_not()}")
        return self.process

    def memory(self) -> int | None:
        """What Erlang has allocated."""
        if self._management is None:
            return None
        return sum(int(size) for size in MEMORY.findall(self._management.metrics()))

    def stored(self) -> int | None:
        """Bytes of the messages in all queues, once what the queues told last speaks of as many as
        there are; None when they do not tell it.
        """
        deadline = time.monotonic() + STORED_S
        while self._management is not None and time.monotonic() < deadline:
            told = dict(STORED.findall(self._management.metrics()))
            if int(told.get("", -1)) == self.keys():
                return int(told["_bytes"])
            time.sleep(READY_POLL_S)
        return None

    def keys(self) -> int | None:
        """Messages in all queues."""
        if self._management is None:
            return None
        return sum(int(queue.get("messages", 0)) for queue in self._management.queues().values())

    def stop(self) -> None:
        """End a server of ours; remove from a given one what the framework left, nothing else."""
        if self.private is not None:
            self.private.end()
        else:
            for key in self._keys:
                self._link.call(partial(remove, key=key))
        self._link.close()


def remove(channel: Any, key: str) -> None:
    """Delete a queue or an exchange; one that is not there is no error to the server."""
    if key.startswith(EXCHANGE):
        channel.exchange_delete(key.removeprefix(EXCHANGE))
    else:
        channel.queue_delete(key)


# -- a server of ours --------------------------------------------------------------------------


class Private:
    """What a server of ours keeps over a restart: folder, ports, password, and its port mapper.

    The mapper is a child of ours. One that the server starts leaves its session, outlives it and
    listens to every network.
    """

    def __init__(self, program: str, folder: TrialFolder, more: Mapping[str, str]) -> None:
        self._program, self._folder = program, folder
        self.home = Path(tempfile.mkdtemp(prefix="rabbitmq-", dir=folder.path))
        self.port, self._http, self._metrics, self._distribution, self._mapper_port = (
            free_port() for _ in range(5)
        )
        password = secrets.token_hex(16)
        self.url = f"amqp://{USER}:{password}@127.0.0.1:{self.port}/{USER}"
        self.management = Management(self._http, self._metrics, USER, password, USER)
        self._write(more, password)
        self._environment = self._make_environment()
        self._log, self._log_begin = folder.path / "broker.log", 0
        self._broker: Child | None = None
        self._mapper = self._start_mapper()

    def _write(self, more: Mapping[str, str], password: str) -> None:
        options = {
            **CONFIG, **more,
            "default_pass": password,
            "listeners.tcp.default": f"127.0.0.1:{self.port}",
            "management.tcp.ip": "127.0.0.1",
            "management.tcp.port": str(self._http),
            "prometheus.tcp.ip": "127.0.0.1",
            "prometheus.tcp.port": str(self._metrics),
        }  # fmt: skip
        lines = [f"{key} = {value}\n" for key, value in options.items()]
        (self.home / "rabbitmq.conf").write_text("".join(lines))
        (self.home / "enabled_plugins").write_text(f"[{','.join(PLUGINS)}].\n")
        cookie = self.home / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)  # Erlang refuses one that others may read

    def _make_environment(self) -> dict[str, str]:
        """Nothing is read from or written to the folders of an installed system service."""
        folders = {
            "HOME": "", "RABBITMQ_MNESIA_BASE": "data", "RABBITMQ_LOG_BASE": "log",
            "RABBITMQ_CONFIG_FILE": "rabbitmq.conf",
            "RABBITMQ_CONFIG_FILES": "conf.d/*.conf",  # the rest of these need not be there
            "RABBITMQ_ADVANCED_CONFIG_FILE": "advanced.config",
            "RABBITMQ_CONF_ENV_FILE": "rabbitmq-env.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": "enabled_plugins",
        }  # fmt: skip
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
        return start(argv, "epmd", self._folder, self._environment, "epmd")

    def start(self) -> Child:
        self._log_begin = self._log.stat().st_size if self._log.exists() else 0
        self._broker = start([self._program], "broker", self._folder, self._environment, "broker")
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


def start_server(
    program: str, folder: TrialFolder, more: Mapping[str, str], *, durable: bool
) -> Rabbit:
    """Start a private server on free loopback ports. Raises TrialFailed with its log's end.

    ``durable`` changes nothing: the frameworks publish persistent messages to durable queues, and
    the server keeps those over a restart in any case.
    """
    del durable
    for _ in range(PORT_TRIES):
        private = Private(program, folder, more)
        try:
            child = private.start()
            if wait_ready(child, private):
                return served(private, child, more)
        except BaseException:
            private.end()
            raise
        again = private.port_was_taken()
        private.end()
        if not again:
            break
    raise TrialFailed(f"the broker did not start: {private.why_not() or child.died()}")


def served(private: Private, child: Child, more: Mapping[str, str]) -> Rabbit:
    version = private.management.version()
    pinned = {**CONFIG, **more, "plugins": PLUGINS, "version": version}
    server = Rabbit(private.url, f"rabbitmq {version}", hash_of(pinned), child, private.management)
    server.private = private
    return server


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


# -- a given server ----------------------------------------------------------------------------


def connect(
    url: str, keys: Sequence[str], *, flush: bool, rights: bool = True, known: Sequence[str] = ()
) -> Rabbit:
    """Use a given server. ``keys`` are names of queues, and ``exchange:NAME`` for an exchange.

    AMQP cannot list queues: only those of ``keys`` are looked at, and emptied where ``flush``
    allows that and they are not ``known``. Raises UsageError when it cannot be reached or used, or
    one of them holds messages or has consumers.
    """
    try:
        link = Link(url)
    except ValueError as error:
        raise UsageError(f"--broker-url: not an address of RabbitMQ: {error}") from None
    try:
        version = usable(link, rights=rights)
        for queue in keys:
            if not queue.startswith(EXCHANGE):
                refuse_used(link, queue, flush=flush and queue not in known)
    except (OSError, amqp.AMQPError) as error:
        raise UsageError(f"--broker-url {link.where}: cannot use this server: {error}") from None
    finally:
        link.close()
    return Rabbit(url, f"rabbitmq {version}", "unreadable", keys=keys)


def usable(link: Link, *, rights: bool) -> str:
    """The version of a server that is RabbitMQ, new enough and lets us use queues, if tried."""
    product, version = link.product()
    number = re.match(r"(\d+)\.(\d+)", version)
    if product != "RabbitMQ" or not number or (int(number[1]), int(number[2])) < OLDEST:
        raise UsageError(
            f"--broker-url {link.where}: RabbitMQ 3.8 or newer is needed, this is {product} "
            f"{version}"
        )
    try:
        if rights:
            link.call(try_rights)
    except amqp.AccessRefused as error:
        raise UsageError(
            f"--broker-url {link.where}: the user may not use queues there ({error}); allow it: "
            "rabbitmqctl set_permissions -p VHOST USER '.*' '.*' '.*'"
        ) from None
    return version


def try_rights(channel: Any) -> None:
    """Make a queue, send a message there, receive it, delete the queue; whatever is forbidden, it
    goes with our connection. Raises AccessRefused.
    """
    name = f"bench-{secrets.token_hex(8)}"
    channel.queue_declare(name, exclusive=True)
    channel.basic_publish(amqp.Message(b""), routing_key=name)
    channel.basic_get(name, no_ack=True)
    channel.queue_delete(name)


def refuse_used(link: Link, queue: str, *, flush: bool) -> None:
    """Raises UsageError for a queue in use; one that only holds messages is emptied by flush."""
    messages, consumers = link.held(queue) or (0, 0)
    if consumers:
        raise UsageError(
            f"--broker-url {link.where}: the queue {queue} has {consumers} consumer(s), which "
            "would take the tasks; end them, or name another virtual host"
        )
    if messages and not flush:
        raise UsageError(
            f"--broker-url {link.where}: the queue {queue} holds {messages} message(s), which "
            "would be lost; name another virtual host, or say --yes-flush to empty the queue"
        )
    if messages:
        link.call(lambda channel: channel.queue_purge(queue))
