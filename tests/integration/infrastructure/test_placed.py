"""Brokers on a host of their own: who reaches them, and nobody else."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from harness.trial.cell import Arm
from harness.trial.steps import run_trial
from infrastructure.hosts.places import places_of
from infrastructure.processes.folder import TrialFolder
from infrastructure.root import ROOT
from tests.conftest import make_plan
from tests.integration.namespaces import Network, network
from tests.integration.trials import sound

__all__ = ["network"]
OF_TABLES = """
from infrastructure.{0}.given import FORM
from infrastructure.{0}.running import {1}
from infrastructure.tables.address import given_address
{1}.connection(given_address(sys.argv[1], FORM.schemes, FORM.text)).close()
"""
OWN = {"127.0.0.1", "[::1]"}  # of a host, which nobody else reaches
CLIENTS = {
    "postgresql": OF_TABLES.format("postgresql", "PostgreSQL"),
    "mysql": OF_TABLES.format("mysql", "MySQL"),
    "rabbitmq": """
from infrastructure.rabbitmq.address import Address
Address.of(sys.argv[1]).connection().close()
""",
}


def connects(host: str, broker: str, url: str) -> bool:
    """Whether a client on that host can log in."""
    argv = ["ip", "netns", "exec", host, sys.executable, "-c", "import sys" + CLIENTS[broker], url]
    own = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}
    done = subprocess.run(argv, env=own, capture_output=True, check=False, timeout=30)
    return done.returncode == 0


def listening(host: str) -> set[str]:
    """The addresses on which something listens there."""
    argv = ["ip", "netns", "exec", host, "ss", "-Hltn"]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return {line.split()[3].rpartition(":")[0] for line in done.stdout.splitlines()}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_broker_listens_where_the_hosts_of_the_trial_reach_it(
    name: str, network: Network, on_broker: Callable[..., Arm], folder: TrialFolder
) -> None:
    """On that address and on loopback alone; the tables' servers let in no other host."""
    home, worker, stranger = (network.host(letter) for letter in "bwx")
    choice = on_broker("stub", name).broker
    folder.places = places_of(f"broker=netns:{home},worker=netns:{worker}")
    broker = choice.start(folder, {}, ())
    try:
        assert broker.depth({}).total == 0
        address = folder.places.broker.address
        assert f"@{address}:" in broker.url
        assert listening(home) - OWN == {address}
        assert connects(worker, name, broker.url)
        assert not connects(worker, name, broker.url.replace("bench:", "bench:x"))
        assert connects(stranger, name, broker.url) == (name == "rabbitmq")
    finally:
        broker.stop()
    assert listening(home) == set()


def test_a_trial_on_postgresql_of_another_host(
    network: Network, on_broker: Callable[..., Arm], make_setup: Callable[..., Any]
) -> None:
    home, worker = network.host("b"), network.host("w")
    places = places_of(f"broker=netns:{home},worker=netns:{worker}")
    setup = make_setup(replace(on_broker("raw", "postgresql"), places=places))
    found = sound(run_trial(setup, make_plan(setup, "throughput")))
    assert found["broker_cpu_per_task"] > 0
