"""Files that are whole or not there, in a folder that can be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infrastructure.errors import BenchError


def write(path: Path, text: str) -> Path:
    """Whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    return partial.replace(path)


@contextmanager
def written_into(folder: Path) -> Iterator[None]:
    """Raises BenchError, which says what to type, where the folder cannot be written."""
    try:
        yield
    except OSError as error:
        raise BenchError(
            f"{folder} cannot be written: {error}; name another folder with --out"
        ) from None
