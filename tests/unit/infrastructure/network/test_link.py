"""Which brokers a delay can be put before, and what their address becomes."""

from typing import Any

import pytest

from infrastructure.errors import BrokerGap
from infrastructure.network.link import beyond, start_link

NO_FOLDER: Any = None


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:7000/0"),
        ("amqp://a:p%40@127.0.0.1:5672/v", "amqp://a:p%40@127.0.0.1:7000/v"),
        ("tcp://127.0.0.1:9", "tcp://127.0.0.1:7000"),
    ],
)
def test_only_the_port_changes(url: str, found: str) -> None:
    assert beyond(url, 7000) == found


@pytest.mark.parametrize(
    "url",
    [
        "redis://example.org:6379/0",
        "rediss://127.0.0.1:6379/0",
        "https://sqs.eu-west-1.amazonaws.com",
    ],
)
def test_a_broker_elsewhere_or_with_tls_has_a_gap(url: str) -> None:
    with pytest.raises(BrokerGap, match="a network of its own"):
        start_link(NO_FOLDER, url, 1.0)
