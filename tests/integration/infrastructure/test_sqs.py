"""The SQS emulator: private, exact, ours to empty, and gone afterwards."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from botocore.exceptions import ClientError

from infrastructure import servers, sqs
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BrokerGap, TrialFailed, UsageError
from infrastructure.processes.folder import TrialFolder, kill_session, session_members
from infrastructure.servers import free_port
from infrastructure.sqs.client import client_of
from infrastructure.sqs.given import RIGHTS
from infrastructure.sqs.running import Sqs
from tests.conftest import missing
from tests.integration.infrastructure.ports import taken_port
from tests.waiting import until

ALL_OF_Q = {"pending": ["q"], "in_flight": ["q"], "delayed": ["q"]}


@pytest.fixture
def start(folder: TrialFolder) -> Iterator[Callable[..., Sqs]]:
    """Start servers that are stopped at the end of the test."""
    try:
        program = sqs.find("embedded")
    except UsageError:
        missing("the SQS emulator")
    started: list[Sqs] = []

    def one(where: TrialFolder = folder, *, durable: bool = False) -> Sqs:
        started.append(sqs.start_server(program, where, {}, durable=durable))
        return started[-1]

    yield one
    for server in started:
        server.stop()


@pytest.fixture
def broker(start: Callable[..., Sqs]) -> Sqs:
    return start()


class User:
    """A client as a framework has one: not counted as one of ours."""

    def __init__(self, broker: Sqs, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patched:
            patched.setattr("infrastructure.sqs.client.OURS", "somebody")
            self.client = client_of(broker.url)

    def queue(self, name: str = "q") -> str:
        return str(self.client.create_queue(QueueName=name)["QueueUrl"])

    def send(self, queue: str, body: str = "x", **more: Any) -> None:
        self.client.send_message(QueueUrl=queue, MessageBody=body, **more)

    def receive(self, queue: str, **more: Any) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]]
        messages = self.client.receive_message(QueueUrl=queue, **more).get("Messages", [])
        return messages


@pytest.fixture
def user(broker: Sqs, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    made = User(broker, monkeypatch)
    yield made
    made.client.close()


def pid_of(broker: Sqs) -> int:
    assert broker.process is not None
    return broker.process.pid


def answers(broker: Sqs) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(broker.url).port or 0)) == 0


def test_only_loopback_listens_and_nothing_is_left(broker: Sqs) -> None:
    members = session_members(pid_of(broker))
    listening = {c.laddr.ip for p in members for c in p.net_connections() if c.status == "LISTEN"}
    assert listening == {"127.0.0.1"}
    broker.stop()
    assert not answers(broker)
    assert not any(p.is_running() for p in members)


def test_the_broker_is_found_by_name_and_tells_its_version(folder: TrialFolder) -> None:
    try:
        choice = BrokerChoice("sqs", "auto").settled()
    except UsageError:
        missing("the SQS emulator")
    assert choice.provider == "embedded"
    started = choice.start(folder, {})
    started.stop()
    assert started.version == sqs.program_version(sqs.find("embedded"))
    assert started.version.startswith("fauxqs 2.")


def test_two_servers_share_the_hash_and_nothing_else(
    tmp_path: Path, broker: Sqs, user: User, start: Callable[..., Sqs]
) -> None:
    other = TrialFolder.create(tmp_path / "spool", "other", {})
    twin = start(other)
    user.send(user.queue())
    assert (broker.depth(ALL_OF_Q).total, twin.depth(ALL_OF_Q).total) == (1, 0)
    assert twin.config_hash == broker.config_hash
    ours, theirs = urlsplit(broker.url), urlsplit(twin.url)
    assert (ours.port, ours.username, ours.password) != (
        theirs.port,
        theirs.username,
        theirs.password,
    )
    assert start(other, durable=True).config_hash != broker.config_hash
    other.remove()


def test_starts_and_stops_leave_nothing(folder: TrialFolder, start: Callable[..., Sqs]) -> None:
    for _ in range(3):
        started = start(folder)
        started.stop()
        assert not answers(started)
        assert not session_members(pid_of(started))


def test_depth_tells_waiting_in_flight_and_delayed_apart(broker: Sqs, user: User) -> None:
    assert broker.depth(ALL_OF_Q).total == 0  # no such queue
    queue = user.queue()
    for _ in range(5):
        user.send(queue)
    user.send(queue, DelaySeconds=900)
    assert len(user.receive(queue, MaxNumberOfMessages=2)) == 2
    depth = broker.depth(ALL_OF_Q)
    assert (depth.pending, depth.in_flight, depth.delayed) == (3, 2, 1)
    assert broker.depth({"pending": ["q", "none"]}).total == 3
    assert broker.keys() == 6
    user.client.delete_queue(QueueUrl=queue)
    assert broker.depth(ALL_OF_Q).total == 0


def test_time_brings_hidden_and_delayed_messages_back(broker: Sqs, user: User) -> None:
    """Also while nobody receives: the emulator alone would count them as hidden."""
    queue = user.queue()
    user.send(queue)
    [first] = user.receive(queue, VisibilityTimeout=3)
    user.send(queue, "later", DelaySeconds=3)
    assert user.receive(queue) == []
    assert until(lambda: broker.depth(ALL_OF_Q).pending == 2)
    assert broker.depth(ALL_OF_Q).total == 2
    again = {m["Body"]: m for m in user.receive(queue, MaxNumberOfMessages=10)}
    assert sorted(again) == ["later", "x"]
    assert again["x"]["MessageId"] == first["MessageId"]
    assert again["x"]["ReceiptHandle"] != first["ReceiptHandle"]


def test_a_message_is_hidden_shown_and_deleted_by_its_handle(broker: Sqs, user: User) -> None:
    queue = user.queue()
    user.send(queue)
    [held] = user.receive(queue)
    handle = {"QueueUrl": queue, "ReceiptHandle": held["ReceiptHandle"]}
    user.client.change_message_visibility(**handle, VisibilityTimeout=0)
    [held] = user.receive(queue)
    handle["ReceiptHandle"] = held["ReceiptHandle"]
    user.client.delete_message(**handle)
    assert broker.depth(ALL_OF_Q).total == 0


def test_a_long_poll_ends_with_the_message_or_with_its_time(user: User) -> None:
    queue = user.queue()
    began = time.monotonic()
    assert user.receive(queue, WaitTimeSeconds=1) == []
    assert time.monotonic() - began >= 1
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(user.receive, queue, WaitTimeSeconds=8)
        user.send(queue, "now")
        assert [m["Body"] for m in waiting.result(timeout=5)] == ["now"]


def test_a_message_above_the_limit_is_refused(user: User) -> None:
    queue = user.queue()
    [limit] = user.client.get_queue_attributes(
        QueueUrl=queue, AttributeNames=["MaximumMessageSize"]
    )["Attributes"].values()
    user.send(queue, "x" * int(limit))
    with pytest.raises(ClientError, match="must be shorter"):
        user.send(queue, "x" * (int(limit) + 1))


def test_commands_leave_out_our_own_looks(broker: Sqs, user: User) -> None:
    queue = user.queue()
    user.send(queue)
    user.receive(queue)
    broker.create(["q", "other"])
    broker.keys()
    broker.depth(ALL_OF_Q)
    assert broker.commands() == {"CreateQueue": 1, "SendMessage": 1, "ReceiveMessage": 1}


def test_created_queues_have_the_service_s_defaults(broker: Sqs, user: User) -> None:
    broker.create(["q"])
    broker.create(["q"])
    said = user.client.get_queue_attributes(QueueUrl=user.queue(), AttributeNames=["All"])
    assert said["Attributes"]["VisibilityTimeout"] == "30"
    assert said["Attributes"]["ReceiveMessageWaitTimeSeconds"] == "0"


def test_a_name_that_is_not_free_yet_is_waited_for(
    broker: Sqs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the real service does for a minute after a queue was deleted."""
    code = "AWS.SimpleQueueService.QueueDeletedRecently"
    refusal = ClientError({"Error": {"Code": code}}, "CreateQueue")
    left = [refusal, refusal]

    def create(*, QueueName: str) -> dict[str, str]:  # noqa: N803
        if left:
            raise left.pop()
        return {"QueueUrl": QueueName}

    monkeypatch.setattr(broker._client, "create_queue", create)
    monkeypatch.setattr("infrastructure.sqs.running.NAME_POLL_S", 0.01)
    broker.create(["q"])
    assert left == []
    left = [refusal]
    monkeypatch.setattr("infrastructure.sqs.running.NAME_FREE_S", -1.0)
    with pytest.raises(TrialFailed, match="name is not free"):
        broker.create(["q"])


def test_a_cut_ends_connections_and_the_next_request_works(broker: Sqs, user: User) -> None:
    queue = user.queue()
    process = psutil.Process(pid_of(broker))

    def connections() -> set[int]:
        return {c.raddr.port for c in process.net_connections() if c.status == "ESTABLISHED"}

    before = connections()
    assert before
    broker.cut_connections()
    assert until(lambda: not connections() & before)
    user.send(queue)
    assert broker.depth(ALL_OF_Q).pending == 1


@pytest.mark.parametrize("durable", [False, True])
def test_a_restart_keeps_the_messages_of_a_durable_server(
    folder: TrialFolder,
    start: Callable[..., Sqs],
    *,
    durable: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = start(folder, durable=durable)
    user = User(broker, monkeypatch)
    queue = user.queue()
    user.send(queue, "first")
    user.send(queue, "second")
    user.send(queue, "later", DelaySeconds=900)
    [held] = user.receive(queue, VisibilityTimeout=900)
    before = pid_of(broker)
    assert broker.restart(0.1).pid == pid_of(broker) != before
    depth = broker.depth(ALL_OF_Q)
    if durable:
        assert (depth.pending, depth.in_flight, depth.delayed) == (1, 1, 1)
        user.client.delete_message(QueueUrl=queue, ReceiptHandle=held["ReceiptHandle"])
        assert broker.depth(ALL_OF_Q).total == 2
    else:
        assert depth.total == 0
    user.client.close()


def test_sigkill_of_its_session_leaves_no_process(broker: Sqs) -> None:
    pid = pid_of(broker)
    assert kill_session(pid) >= 1
    assert session_members(pid) == []
    assert until(lambda: not answers(broker))  # the kernel closes its sockets a moment later


def test_a_server_that_cannot_start_says_why(
    folder: TrialFolder, start: Callable[..., Sqs], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="does not run here"):
        sqs.program_version(str(tmp_path))
    with pytest.raises(TrialFailed, match=r"did not start: [\s\S]*Cannot find module"):
        sqs.start_server(str(tmp_path), folder, {}, durable=False)
    (folder.path / "sqs").write_text("a file where the database's folder should be")
    with pytest.raises(TrialFailed, match=r"did not start: [\s\S]*EEXIST"):
        start(folder, durable=True)


def test_a_taken_port_is_tried_again(
    start: Callable[..., Sqs], monkeypatch: pytest.MonkeyPatch
) -> None:
    with taken_port() as taken:
        ports = iter([taken, free := free_port()])
        monkeypatch.setattr(servers, "free_port", lambda: next(ports))
        assert urlsplit(start().url).port == free


def test_two_threads_may_look_at_once(broker: Sqs) -> None:
    broker.create(["q"])

    def look(_: int) -> int:
        broker.commands()
        return broker.depth(ALL_OF_Q).total

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(look, range(100))) == [0] * 100


def test_a_given_server_with_messages_is_refused_and_left_alone(broker: Sqs, user: User) -> None:
    queue = user.queue()
    user.send(queue)
    with pytest.raises(UsageError, match=r"1 message in the queue q") as refused:
        sqs.connect(broker.url, ["q", "none"], flush=False)
    secret = urlsplit(broker.url).password
    assert secret
    assert secret not in str(refused.value)
    assert broker.depth(ALL_OF_Q).total == 1
    with pytest.raises(UsageError, match=r"1 message in the queue q"):
        sqs.connect(broker.url, ["q", "none"], flush=True, known=["q"])
    assert broker.depth(ALL_OF_Q).total == 1
    sqs.connect(broker.url, ["q", "none"], flush=True, known=["none"]).stop()
    assert broker.depth(ALL_OF_Q).total == 0


def test_messages_that_appear_between_trials_are_not_purged(
    broker: Sqs, user: User, folder: TrialFolder
) -> None:
    given = BrokerChoice("sqs", "url", broker.url, yes_flush=True).settled()
    user.send(user.queue())
    given.start(folder, {}, ["q"]).stop()  # the first look, which may purge
    user.send(user.queue())
    with pytest.raises(UsageError, match=r"1 message in the queue q"):
        given.start(folder, {}, ["q"])
    assert broker.depth(ALL_OF_Q).total == 1


def test_a_given_server_loses_only_the_framework_s_queues(broker: Sqs, user: User) -> None:
    user.send(user.queue("precious"))
    given = sqs.connect(broker.url, ["q", "never made"], flush=False)
    given.create(["q"])
    user.send(user.queue())
    assert given.keys() == 1
    with pytest.raises(BrokerGap, match="given"):
        given.restart(0)
    with pytest.raises(BrokerGap, match="given"):
        given.cut_connections()
    assert given.commands() == {}
    given.stop()
    [left] = user.client.list_queues()["QueueUrls"]
    assert left.endswith("/precious")
    assert broker.depth({"pending": ["precious"]}).pending == 1


def refusing(monkeypatch: pytest.MonkeyPatch, code: str, *operations: str) -> None:
    """Every client made from now on is refused these operations."""

    def refused(url: str) -> Any:
        client = client_of(url)
        call = client._make_api_call

        def refuse(name: str, arguments: Any) -> Any:
            if name in operations:
                raise ClientError({"Error": {"Code": code, "Message": "no"}}, name)
            return call(name, arguments)

        client._make_api_call = refuse
        return client

    monkeypatch.setattr("infrastructure.sqs.given.client_of", refused)


@pytest.mark.parametrize(
    "operation",
    [
        "CreateQueue",
        "GetQueueUrl",
        "GetQueueAttributes",
        "SendMessage",
        "ReceiveMessage",
        "ChangeMessageVisibility",
        "DeleteMessage",
        "PurgeQueue",
        "DeleteQueue",
    ],
)
def test_a_missing_right_is_refused_at_the_start(
    broker: Sqs, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    refusing(monkeypatch, "AccessDenied", operation)
    with pytest.raises(UsageError, match=rf"{operation} operation: no; .* needs sqs:CreateQueue"):
        BrokerChoice("sqs", "url", broker.url).settled()
    assert operation in RIGHTS
    assert operation == "DeleteQueue" or broker._all_queues() == []


def test_a_wrong_key_is_refused(broker: Sqs, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing(monkeypatch, "InvalidClientTokenId", "CreateQueue")
    with pytest.raises(UsageError, match="InvalidClientTokenId") as refused:
        BrokerChoice("sqs", "url", broker.url).settled()
    assert RIGHTS not in str(refused.value)


def test_a_look_at_a_given_server_leaves_no_queue(broker: Sqs) -> None:
    BrokerChoice("sqs", "url", broker.url).settled()
    assert broker._all_queues() == []
