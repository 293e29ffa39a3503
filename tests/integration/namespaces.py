"""Hosts out of network namespaces: addresses of their own, and clocks where wanted. Takes root."""

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from tests.conftest import missing

NUMBERS = itertools.count()


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass
class Network:
    """A bridge of this machine, and the namespaces on it, each by its letter."""

    number: int = field(default_factory=lambda: next(NUMBERS))
    letters: list[str] = field(default_factory=list)

    @property
    def tag(self) -> str:
        """Names of devices have at most 15 characters."""
        return f"bt{os.getpid() % 100_000}{self.number}"

    @property
    def third(self) -> int:
        """Of the network's address; tests that run side by side have different ones."""
        return (os.getpid() + 50 * self.number) % 250 + 1

    def begin(self) -> None:
        ip("link", "add", self.tag, "type", "bridge")
        ip("address", "add", f"10.213.{self.third}.1/24", "dev", self.tag)
        ip("link", "set", self.tag, "up")

    def host(self, letter: str) -> str:
        """Make a namespace on it; its name."""
        self.letters.append(letter)
        name, ends = f"{self.tag}{letter}", (f"{self.tag}{letter}0", f"{self.tag}{letter}1")
        ip("netns", "add", name)
        ip("link", "add", ends[0], "type", "veth", "peer", "name", ends[1], "netns", name)
        ip("link", "set", ends[0], "master", self.tag, "up")
        number = len(self.letters) + 1
        ip("-netns", name, "address", "add", f"10.213.{self.third}.{number}/24", "dev", ends[1])
        for device in ("lo", ends[1]):
            ip("-netns", name, "link", "set", device, "up")
        return name

    def cut(self, letter: str) -> None:
        """The host is no longer reached, and reaches nobody."""
        ip("link", "set", f"{self.tag}{letter}0", "down")

    def end(self) -> None:
        for letter in self.letters:
            for words in (
                ("link", "delete", f"{self.tag}{letter}0"),
                ("netns", "delete", f"{self.tag}{letter}"),
            ):
                with suppress(subprocess.CalledProcessError):  # of a test that failed half-way
                    ip(*words)
        with suppress(subprocess.CalledProcessError):
            ip("link", "delete", self.tag)


@pytest.fixture
def network() -> Iterator[Network]:
    """Skips where there is no root; CI has it."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        missing("root with the program ip, for network namespaces,")
    made = Network()
    try:
        made.begin()
        yield made
    finally:
        made.end()
