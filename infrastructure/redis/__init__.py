"""Redis and Valkey: a private Valkey from PyPI, an installed server, or a given URL."""

from infrastructure.redis.given import BY_NAME, URL, connect
from infrastructure.redis.program import PROVIDERS, find, program_version
from infrastructure.redis.start import RELAXED, start_server

__all__ = ["BY_NAME", "PROVIDERS", "RELAXED", "URL"]
__all__ += ["connect", "find", "program_version", "start_server"]
