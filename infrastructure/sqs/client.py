"""A client of our own for SQS."""

from typing import Any
from urllib.parse import unquote

import boto3
from botocore.config import Config

from infrastructure.sqs.address import is_loopback, parse, shown
from tasks.spec import region_of

ANSWER_S = 10.0
# In the user agent of our own requests, which the emulator does not count.
OURS = "taskqueue-bench"


def client_of(url: str) -> Any:
    """A client of boto3 for an address; several threads may use it. Raises UsageError for what is
    no address, BotoCoreError or ValueError where the client's own settings do not fit.
    """
    parts = parse(url)
    config = Config(
        connect_timeout=5,
        read_timeout=ANSWER_S,
        retries={"total_max_attempts": 3},
        user_agent_extra=OURS,
        proxies={} if is_loopback(parts.hostname) else None,
    )
    access: dict[str, str] = {}
    if parts.username is not None:
        access = {
            "aws_access_key_id": unquote(parts.username),
            "aws_secret_access_key": unquote(parts.password or ""),
        }
    return boto3.session.Session().client(
        "sqs", endpoint_url=shown(url), region_name=region_of(url), config=config, **access
    )
