"""SQS by aioboto3: a standard queue. Its messages are text, so bytes travel as base64."""

import base64
from typing import Any
from urllib.parse import unquote, urlsplit

import aioboto3
import uvloop

from tasks.as_bytes import as_bytes, from_bytes
from tasks.frameworks.raw.client import QUEUE, WAIT_S, Client, early, probe_of, run
from tasks.spec import Spec, region_of, without_user

HIDDEN_S = 3600  # longer than any body: a message that comes back would be done twice
CLIENT = Client(
    "aioboto3",
    "ReceiveMessage of one, the body, DeleteMessage",
    QUEUE,
    QUEUE,
    [QUEUE],
    queues=[QUEUE],
    lingers_s=WAIT_S,
)


def client_of(spec: Spec) -> Any:
    parts = urlsplit(spec.broker_url)
    return aioboto3.Session().client(
        "sqs",
        endpoint_url=without_user(spec.broker_url),
        region_name=region_of(spec.broker_url),
        aws_access_key_id=unquote(parts.username or "") or None,
        aws_secret_access_key=unquote(parts.password or "") or None,
    )


def text(data: bytes) -> str:
    """A message without a payload is text already."""
    return base64.b64encode(data).decode() if b"\n" in data else data.decode()


def data(said: str) -> bytes:
    """The opposite: JSON begins with a bracket, which base64 does not have."""
    return said.encode() if said.startswith("[") else base64.b64decode(said)


async def url_of(client: Any) -> str:
    return str((await client.get_queue_url(QueueName=QUEUE))["QueueUrl"])


def work(spec: Spec) -> None:
    run(serve(spec))


async def serve(spec: Spec) -> None:
    async with client_of(spec) as client:

        def address() -> str:
            live = str(client.meta.endpoint_url)
            return spec.broker_url if live == without_user(spec.broker_url) else live

        probe = probe_of(spec, CLIENT, address)
        queue, first = await url_of(client), early(spec)
        asked = {
            "QueueUrl": queue,
            "MaxNumberOfMessages": 1,
            "WaitTimeSeconds": WAIT_S,
            "VisibilityTimeout": HIDDEN_S,
        }
        while True:
            for found in (await client.receive_message(**asked)).get("Messages", ()):
                receipt = {"QueueUrl": queue, "ReceiptHandle": found["ReceiptHandle"]}
                if first:
                    await client.delete_message(**receipt)
                await probe.run_async(*from_bytes(data(found["Body"])))
                if not first:
                    await client.delete_message(**receipt)


class Producer:
    """SendMessage over one client."""

    loop_factory = staticmethod(uvloop.new_event_loop)

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._client: Any = None
        self._queue = ""

    async def open(self) -> None:
        self._client = await client_of(self._spec).__aenter__()
        self._queue = await url_of(self._client)

    async def send(
        self, seq: int, kind: str, arg: Any, queue: str = "", delay_s: float = 0.0
    ) -> None:
        if queue or delay_s:
            raise NotImplementedError
        body = text(as_bytes(seq, kind, arg))
        await self._client.send_message(QueueUrl=self._queue, MessageBody=body)

    async def close(self) -> None:
        await self._client.__aexit__(None, None, None)
