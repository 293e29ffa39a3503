"""Using an SQS endpoint that is there already: refused unless it is ours to use."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from infrastructure.counted import counted
from infrastructure.errors import UsageError
from infrastructure.sqs.address import shown
from infrastructure.sqs.client import client_of
from infrastructure.sqs.queues import code_of, counts_of
from infrastructure.sqs.running import Sqs

BY_NAME = True
DENIED = {"AccessDenied", "AccessDeniedException"}
RIGHTS = (
    "sqs:CreateQueue, GetQueueUrl, GetQueueAttributes, SendMessage, ReceiveMessage, "
    "ChangeMessageVisibility, DeleteMessage, PurgeQueue and DeleteQueue"
)
RECEIVE_S = 5  # for a message that is there, and that the service may not show at once


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
        listing = ", ".join(
            f"{counted(count, 'message')} in the queue {n}" for n, count in held.items()
        )
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
