"""Using a MySQL or MariaDB server that is there already: refused unless it is ours to use."""

from collections.abc import Sequence

from infrastructure.mysql.program import URL
from infrastructure.mysql.running import MySQL
from infrastructure.tables.given import Form, use

BY_NAME = False
FORM = Form(URL, {"mysql": 3306, "mariadb": 3306})


def connect(url: str, keys: Sequence[str], *, flush: bool, rights: bool = True) -> MySQL:
    """Use a given server; ``keys`` are tables. Raises UsageError."""
    return use(MySQL, url, keys, FORM, flush=flush, rights=rights)
