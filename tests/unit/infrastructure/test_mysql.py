"""MySQL and MariaDB: what is refused, and how a server is called."""

import shutil
from pathlib import Path

import pytest

from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from infrastructure.mysql.start import server_argv

NATIVE = BrokerChoice("mysql", "native")


def test_no_installed_server_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name, **_: None)
    with pytest.raises(UsageError, match="nox -s infra -- install mysql"):
        NATIVE.settled()


def test_the_machines_own_configuration_is_not_read(tmp_path: Path) -> None:
    argv = server_argv("mariadbd", 4000, tmp_path, {"max-connections": "7"})
    assert argv[1] == "--no-defaults"  # elsewhere it is an error
    assert [word for word in argv if word.startswith("--max-connections")] == [
        "--max-connections=7"
    ]
