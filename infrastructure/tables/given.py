"""Using a server of tables that is there already: refused unless it is ours to use."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infrastructure.counted import counted
from infrastructure.errors import UsageError
from infrastructure.tables.address import given_address
from infrastructure.tables.running import Tables


@dataclass(frozen=True)
class Form:
    """How an address reads, and its schemes with their default port."""

    text: str
    schemes: Mapping[str, int]


def version_of(text: str) -> tuple[int, ...]:
    """The numbers in it, to be compared."""
    return tuple(int(part) for part in re.findall(r"\d+", text))


def use[S: Tables](
    kind: type[S], url: str, keys: Sequence[str], form: Form, *, flush: bool, rights: bool
) -> S:
    """A given server, as ``Service.connect`` says. Raises UsageError."""
    asking = given_address(url, form.schemes, form.text)
    try:
        server = kind(url, asking, None, keys)
    except kind.ERROR as error:
        raise unusable(asking.at, error) from None
    try:
        accept(server, asking.at, form.text, flush=flush, rights=rights)
    except UsageError:
        server.close()
        raise
    return server


def accept(server: Tables, at: str, form: str, *, flush: bool, rights: bool) -> None:
    """Refuse a given server that is too old, holds a table or forbids to make one; ``flush``
    allows to drop the tables. Raises UsageError, and leaves the server as it is then.
    """
    try:
        name, number = server.version.split()
        if version_of(number) < server.OLDEST[name]:
            oldest = ".".join(str(part) for part in server.OLDEST[name])
            raise UsageError(
                f"--broker-url {at}: this is {server.version}, which cannot skip rows that others "
                f"locked; name a server of {name} {oldest} or newer"
            )
        held = server.tables()
        if held and not flush:
            raise UsageError(
                f"--broker-url {at}: the database holds {counted(len(held), 'table')} and would be "
                f"overwritten; name an empty one ({form}), or say --yes-flush to empty it"
            )
        if rights:
            server.try_rights()
        for table in held:
            server.drop(table)
    except server.ERROR as error:
        raise unusable(at, error) from None


def unusable(at: str, error: Exception) -> UsageError:
    return UsageError(f"--broker-url {at}: cannot use this server: {' '.join(str(error).split())}")
