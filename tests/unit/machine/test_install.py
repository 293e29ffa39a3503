"""Which packages would be installed, and which services disabled."""

import os
import shlex
import shutil

import pytest

from harness.cli.words import BROKERS
from harness.machine import install


def test_what_is_installed_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(install, "installed", lambda package: package == "redis-server")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert install.install(["redis"], yes=False) == 0
    assert capsys.readouterr().out == "nothing to install: redis-server: here already\n"
    assert install.install(["redis", "postgresql"], yes=False) == 0
    shown = shlex.split(capsys.readouterr().out)
    assert "--no-install-recommends \\\n    postgresql\n" in shown[2]


@pytest.mark.parametrize("had_erlang", [False, True])
def test_what_a_package_brings_along_is_not_left_enabled(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], had_erlang: bool
) -> None:
    """Erlang's epmd listens on every interface; one that was there before is somebody's."""
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(install, "installed", lambda name: name == "erlang-base" and had_erlang)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert install.install(["rabbitmq"], yes=False) == 0
    units = "rabbitmq-server" if had_erlang else "rabbitmq-server epmd.service epmd.socket"
    assert f"systemctl disable --quiet {units};" in shlex.split(capsys.readouterr().out)[2]


def test_every_broker_can_be_installed() -> None:
    assert set(install.APT) == set(install.BREW) == set(install.ELSEWHERE)
    assert {*install.APT, "sqs"} == set(BROKERS)
    assert {*install.APT.values(), *install.BRINGS.values()} == set(install.UNITS)
