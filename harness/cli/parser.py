"""What the words after ``--`` are read with: a parser that suggests, and types of its arguments."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Never

from harness.cli.matrix import suggest
from infrastructure.errors import UsageError

SECONDS = {"s": 1, "m": 60, "h": 3600}


class Parser(argparse.ArgumentParser):
    """Raises UsageError with a suggestion instead of printing a synopsis and exiting."""

    def error(self, message: str) -> Never:
        raise UsageError(f"{self.prog}: {message}")

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        known, unknown = self.parse_known_intermixed_args(arguments)
        if unknown:
            options = [name for name in self._option_string_actions if name.startswith("--")]
            self.error(f"unknown argument {unknown[0]!r}: {suggest(unknown[0], options)}")
        return known


def one_of(what: str, valid: list[str]) -> Callable[[str], str]:
    """An argparse type that refuses unknown words with the valid ones and a suggestion."""

    def check(word: str) -> str:
        if word not in valid:
            raise argparse.ArgumentTypeError(f"unknown {what} {word!r}: {suggest(word, valid)}")
        return word

    return check


def positive(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, found {word!r}")
    return int(word)


def natural(word: str) -> int:
    if not word.isdecimal() or int(word) >= 2**63:
        raise argparse.ArgumentTypeError(f"expected a whole number below 2^63, found {word!r}")
    return int(word)


def above_zero(unit: str, most: float = float("inf")) -> Callable[[str], float]:
    """An argparse type of a decimal number of ``unit`` above 0 and at most ``most``."""

    def check(word: str) -> float:
        if not word.replace(".", "", 1).isdecimal() or not 0 < float(word) <= most:
            raise argparse.ArgumentTypeError(f"expected {unit} above 0, found {word!r}")
        return float(word)

    return check


def assignment(word: str) -> str:
    """``KEY=VALUE``."""
    if not word.partition("=")[0] or "=" not in word:
        raise argparse.ArgumentTypeError(f"expected KEY=VALUE, found {word!r}")
    return word


def duration(word: str) -> float:
    """``90s``, ``30m`` or ``2h`` in seconds."""
    if word[-1:] not in SECONDS or not word[:-1].isdecimal():
        raise argparse.ArgumentTypeError(f"expected a time such as 90s, 30m or 2h, found {word!r}")
    return float(word[:-1]) * SECONDS[word[-1]]


def port(word: str) -> int:
    if not word.isdecimal() or not 0 < int(word) < 65536:
        raise argparse.ArgumentTypeError(f"expected a port from 1 to 65535, found {word!r}")
    return int(word)


def database(word: str) -> Path:
    """A path whose folder exists."""
    path = Path(word).absolute()
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"no folder {path.parent} for the database {path.name}")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is a folder, expected a database file")
    return path


def folder(word: str) -> Path:
    """A folder that is there or can be made."""
    path = Path(word)
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is a file, expected a folder")
    return path
