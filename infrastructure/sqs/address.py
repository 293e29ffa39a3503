"""The address of an SQS endpoint, with a key in it or without."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from infrastructure.errors import UsageError

URL = "https://KEY:SECRET@sqs.REGION.amazonaws.com"


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
