"""Where a server of tables is, and who asks there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from infrastructure.errors import UsageError

# Who the framework is, and where. Its password is another in every server: every user of this
# machine can reach a loopback port.
USER = DATABASE = "bench"
INSPECTOR = "inspector"  # who looks at a server of ours


@dataclass(frozen=True)
class Address:
    """Where a server is and who asks there."""

    scheme: str
    user: str
    password: str
    host: str
    port: int
    database: str

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.user}:{self.password}@{self.at}"

    @property
    def at(self) -> str:
        """Host, port and database: all that a message may show."""
        return f"{self.host}:{self.port}/{self.database}"

    def words(self, database: str) -> dict[str, Any]:
        """As clients take it, the database by the client's name for it."""
        who = {"host": self.host, "port": self.port, "user": self.user, "password": self.password}
        return {**who, database: self.database}


def given_address(url: str, schemes: Mapping[str, int], form: str) -> Address:
    """``schemes``: those that are served, with their default port.

    Raises UsageError without the address where it cannot be read: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    database = parts.path.strip("/")
    if parts.scheme not in schemes or not parts.hostname or not parts.username or not database:
        raise UsageError(f"--broker-url: this is not an address of the form {form}")
    return Address(
        parts.scheme,
        unquote(parts.username),
        unquote(parts.password or ""),
        parts.hostname,
        port or schemes[parts.scheme],
        unquote(database),
    )
