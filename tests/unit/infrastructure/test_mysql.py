"""MySQL and MariaDB: what is refused, and how a server is called."""

import shutil
from pathlib import Path

import pytest

from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from infrastructure.mysql.start import server_argv, users_sql

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


def test_users_may_come_from_the_hosts_of_the_trial_only() -> None:
    said = users_sql("ours", "theirs", ["10.0.0.1", "10.0.0.2"])
    for address in ("10.0.0.1", "10.0.0.2"):
        assert f"CREATE USER IF NOT EXISTS 'bench'@'{address}' IDENTIFIED BY 'theirs';" in said
        assert f"GRANT ALL ON bench.* TO 'bench'@'{address}';" in said
    assert "%" not in said
