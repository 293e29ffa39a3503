"""Workers of a cluster as hosts of a trial's roles (``--cluster ADDRESS --place ROLE=HOST``)."""

import json
import secrets
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from harness.cli.arms import ArmRequest
from harness.cli.cluster import Cluster
from harness.cli.matrix import Matrix
from harness.experiment.arms import Cells
from harness.experiment.cluster.connect import connected
from harness.experiment.cluster.desk import Desk
from harness.experiment.cluster.plan import in_words
from harness.experiment.cluster.pool import actor, called
from harness.experiment.cluster.seat import ClusterSession
from harness.machine.commit import code
from harness.trial.far.end import HELLO
from harness.trial.far.host import Card, FarHost
from harness.trial.far.wire import Message, Tell
from infrastructure.errors import BenchError, TrialFailed, UsageError
from infrastructure.hosts.host import HERE, Host, Places
from infrastructure.hosts.places import named_in, places_by

if TYPE_CHECKING:
    from distributed import Client

RESOURCE = "resource:"
READY_S = 600.0  # its cells may have to be built
MORE_S = 5.0  # for an answer's way


class DaskWire:
    """``harness.trial.far.wire.Wire``, by an actor in a worker of Dask."""

    def __init__(self, desk: Any) -> None:
        self._desk = desk
        self.hear: Tell = lambda _: None

    def ask(self, request: Message, timeout_s: float) -> Message:
        try:
            answer = self._desk.call(json.dumps(request), timeout_s).result(timeout_s + MORE_S)
        except Exception as error:  # noqa: BLE001  whatever Dask raises for a worker that is gone
            raise ConnectionError(f"{type(error).__name__}: {error}") from None
        found: Message = json.loads(answer)
        return found

    def news_to(self, hear: Tell) -> None:
        self.hear = hear


class Workers:
    """Workers by the names of ``--place``, each with a desk from when it is asked for."""

    def __init__(self, client: "Client", hello: Message, typed: str) -> None:
        self._client, self._hello, self._typed = client, hello, typed
        self._topic = f"taskqueue-bench-hosts-{secrets.token_hex(4)}"
        self._wires: dict[str, DaskWire] = {}
        self._hosts: dict[str, Host] = {}
        self._kept: list[Any] = []  # Dask lets go of what nobody holds
        client.subscribe_topic(self._topic, self._news)

    def _news(self, event: Any) -> None:
        address, line = event[1]
        if wire := self._wires.get(address):
            wire.hear(json.loads(line))

    def host(self, name: str) -> Host:
        """Raises UsageError for one that is not there, BenchError where it cannot take part."""
        if name == HERE.name:
            return HERE
        if name not in self._hosts:
            self._hosts[name] = self._sit(name)
        return self._hosts[name]

    def _sit(self, name: str) -> Host:
        address = address_of(name, self._client.scheduler_info(n_workers=-1)["workers"])
        future = actor(self._client, address, Desk, ClusterSession(self._topic, self._typed))
        self._kept.append(future)
        try:
            self._wires[address] = wire = DaskWire(future.result(READY_S))
        except Exception as error:  # noqa: BLE001  whatever Dask raises
            raise BenchError(f"--place: {name} cannot take part: {error}") from None
        blank = Card("", "", 0, "")
        far = FarHost(name, len(self._hosts) + 1, wire, blank)
        try:
            far.card = Card(**far.ask(HELLO, timeout_s=READY_S, **self._hello))
        except TrialFailed as error:
            raise BenchError(f"--place: {name} cannot take part: {error}") from None
        return Host(name, str(urlsplit(address).hostname), far=far)


def address_of(name: str, workers: Mapping[str, Mapping[str, Any]]) -> str:
    """Of the worker of this name, or of the first with this resource. Raises UsageError."""
    for address, known in workers.items():
        wanted = name.removeprefix(RESOURCE)
        if name.startswith(RESOURCE) and wanted in known.get("resources", {}):
            return address
        if called(address, known["name"]) == name:
            return address
    there = ", ".join(called(address, known["name"]) for address, known in workers.items())
    raise UsageError(f"--place: no worker {name} in the cluster; there are: {there or 'none'}")


def own_address(other: str) -> str:
    """Of this host, on the way to another one; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.connect((other, 9))
        return str(asked.getsockname()[0])


@contextmanager
def hosts_of(
    cluster: Cluster,
    words: str,
    arms: Sequence[ArmRequest],
    cells: Cells,
    matrix: Matrix,
    typed: str,
) -> Iterator[Places]:
    """Where the roles run, on workers of the cluster, for as long as it is entered."""
    named = named_in(words)
    hello = {
        "code": code(),
        "arms": [in_words(arm, matrix) for arm in arms],
        "cells": [[*cell, exe] for cell, exe in cells.items()],
    }
    with connected(cluster) as client:
        yield places_by(named, Workers(client, hello, typed).host, own_address)
