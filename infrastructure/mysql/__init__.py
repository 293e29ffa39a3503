"""MySQL and MariaDB: an installed server, or a given URL.

Only MariaDB was tried, from Debian: Oracle's mysqld could not be had where this was written. Where
the two differ, what its manual says is done.
"""

from infrastructure.mysql.given import BY_NAME, connect
from infrastructure.mysql.program import PROVIDERS, URL, find, program_version
from infrastructure.mysql.start import RELAXED, start_server

__all__ = ["BY_NAME", "PROVIDERS", "RELAXED", "URL"]
__all__ += ["connect", "find", "program_version", "start_server"]
