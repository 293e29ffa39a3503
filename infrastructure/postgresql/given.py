"""Using a PostgreSQL server that is there already: refused unless it is ours to use."""

from collections.abc import Sequence

from infrastructure.postgresql.running import PostgreSQL
from infrastructure.tables.given import Form, use

URL = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
BY_NAME = False
FORM = Form(URL, {"postgresql": 5432, "postgres": 5432})


def connect(url: str, keys: Sequence[str], *, flush: bool, rights: bool = True) -> PostgreSQL:
    """Use a given server; ``keys`` are tables, sequences or views, or patterns of names of these
    and of functions and types. Raises UsageError.
    """
    return use(PostgreSQL, url, keys, FORM, flush=flush, rights=rights)
