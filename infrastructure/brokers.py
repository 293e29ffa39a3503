"""Which service serves a broker's name, and where its server comes from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, cast

from infrastructure import docker, stub
from infrastructure.clients import forget_client_settings
from infrastructure.errors import UsageError
from infrastructure.names import NAMES
from infrastructure.processes.folder import TrialFolder
from infrastructure.service import Broker, Service, by_name

DOCKER = "docker"
# Queues of given servers that this session has looked at, of whatever arm: (URL, name).
KNOWN: set[tuple[str, str]] = set()


def service(name: str) -> Service:
    """The module of a broker; imported late, since each brings a client of its own. That each is
    one, tests/unit/infrastructure/test_services.py holds.
    """
    return cast("Service", import_module(f"infrastructure.{name}"))


def providers_of(name: str) -> tuple[str, ...]:
    """Where servers of ours can come from, in the order in which ``auto`` tries them."""
    contained = (DOCKER,) if name in docker.SERVICES else ()
    return (*service(name).PROVIDERS, *contained)


def find(name: str, provider: str) -> str:
    """The program that a provider starts: the server's, or ``docker``, with an engine that answers.
    Raises UsageError with what was tried and the one command that helps.
    """
    return docker.find() if provider == DOCKER else service(name).find(provider)


@dataclass(frozen=True)
class BrokerChoice:
    """A broker and where it comes from: a provider of its service, ``url``, or ``auto`` until it
    is settled. ``relaxed``: with durability below the server's production default.
    """

    name: str
    provider: str
    url: str | None = None
    yes_flush: bool = False
    relaxed: bool = False

    @property
    def label(self) -> str:
        """Its name in rows: one with relaxed durability is another broker."""
        return f"{self.name} relaxed" if self.relaxed else self.name

    def check_offered(self) -> None:
        """Raises UsageError when the broker has no such provider or no such durability."""
        if self.relaxed and not service(self.name).RELAXED:
            raise UsageError(
                f"--durability relaxed: {self.name} has no such variant; leave the option out"
            )
        if self.relaxed and self.provider == DOCKER:
            raise UsageError(
                "--durability relaxed: containers run the pinned production configuration; "
                "leave the option or --provider docker out"
            )
        offered = (*providers_of(self.name), "url", "auto")
        if self.provider not in offered:
            raise UsageError(
                f"--provider {self.provider}: {self.name} has no such provider; "
                f"it has: {', '.join(offered)}"
            )

    def settled(self) -> "BrokerChoice":
        """The same with a provider that works, tried now rather than in the first trial.

        Raises UsageError with what was tried and what helps.
        """
        if self.name == "stub":
            return replace(self, provider="embedded")
        self.check_offered()
        if self.provider == "url":
            service(self.name).connect(self.url or "", (), flush=self.yes_flush).stop()
            return self
        forget_client_settings()
        if self.provider == "auto":
            return replace(self, provider=self._first())
        self._try(self.provider)
        return self

    def _try(self, provider: str) -> None:
        """Raises UsageError unless it has a program that runs (``docker``: an engine's answer)."""
        program = find(self.name, provider)
        if provider != DOCKER:
            service(self.name).program_version(program)

    def _first(self) -> str:
        tried: list[str] = []
        for provider in providers_of(self.name):
            if self.relaxed and provider == DOCKER:
                continue
            try:
                self._try(provider)
            except UsageError as error:
                tried.append(f"{provider}: {error}")
            else:
                return provider
        listed = "".join(f"\n  {line}" for line in tried)
        raise UsageError(f"no {self.name} server can be started here; tried:{listed}")

    def start(
        self,
        folder: TrialFolder,
        options: Mapping[str, Any],
        keys: Sequence[str] = (),
        durable: bool = False,
    ) -> Broker:
        """A fresh broker for one trial; ``keys``: what the framework makes; ``durable``: what it
        holds survives a restart (a given server is as it is). Raises TrialFailed.
        """
        if self.name == "stub":
            return stub.start_stub(folder, options)
        offered = service(self.name)
        if self.provider == "url":
            return self._given(offered, keys)
        forget_client_settings()
        if self.provider == DOCKER:

            def connect(url: str) -> Broker:
                return offered.connect(url, keys, flush=False)

            return docker.start_service(self.name, folder, connect, docker.find())
        more = offered.RELAXED if self.relaxed else {}
        return offered.start_server(offered.find(self.provider), folder, more, durable=durable)

    def _given(self, offered: Service, keys: Sequence[str]) -> Broker:
        """It was empty (or emptied) at the start of the session, and every trial takes its keys
        away: what is there now is somebody else's, whatever was allowed then. Where only the
        queues' names tell, their first look is in the first trial that names them.
        """
        url = self.url or ""
        if not (self.yes_flush and by_name(offered)):
            return offered.connect(url, keys, flush=False)
        known = [key for key in keys if (url, key) in KNOWN]
        broker = offered.connect(url, keys, flush=True, known=known)
        KNOWN.update((url, key) for key in keys)
        return broker


def providers() -> Iterator[tuple[str, str]]:
    """Every broker and provider that servers of ours can come from."""
    for name in NAMES:
        for provider in providers_of(name):
            yield name, provider
