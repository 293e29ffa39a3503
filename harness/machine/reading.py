"""What this machine says of itself in files; ``unreadable`` is a value."""

from pathlib import Path

UNREADABLE = "unreadable"


def read(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return UNREADABLE
