"""PostgreSQL: which program is taken, and as whom it runs."""

import os
import shutil
from pathlib import Path

import pytest

from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from infrastructure.postgresql.program import native_binary
from infrastructure.postgresql.start import let_in
from infrastructure.postgresql.user import as_somebody

EMBEDDED = BrokerChoice("postgresql", "embedded")


def fake_programs(place: Path, *names: str) -> Path:
    place.mkdir(parents=True)
    for name in names:
        (place / name).write_text("#!/bin/sh\n")
        (place / name).chmod(0o755)
    return place


def test_the_newest_installed_version_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infrastructure.postgresql.program.DEBIAN", tmp_path)
    for version in ("9.6", "15", "17"):
        fake_programs(tmp_path / version / "bin", "postgres", "initdb")
    fake_programs(tmp_path / "18" / "bin", "postgres")  # of a package without the server
    assert native_binary() == str(tmp_path / "17" / "bin" / "postgres")


def test_a_link_on_the_path_is_followed_to_where_initdb_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infrastructure.postgresql.program.DEBIAN", tmp_path / "none")
    real = fake_programs(tmp_path / "real", "postgres", "initdb")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "postgres").symlink_to(real / "postgres")
    monkeypatch.setenv("PATH", str(tmp_path / "linked"))
    assert native_binary() == str(real / "postgres")


def test_no_installed_server_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infrastructure.postgresql.program.DEBIAN", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(UsageError, match="nox -s infra -- install postgresql"):
        BrokerChoice("postgresql", "native").settled()


def test_a_wheel_without_a_server_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infrastructure.postgresql.program.find_spec", lambda _name: None)
    with pytest.raises(UsageError, match="--provider native: nox -s infra -- install postgresql"):
        EMBEDDED.settled()


def test_hosts_of_a_trial_are_let_in_one_by_one_by_their_passwords(tmp_path: Path) -> None:
    (tmp_path / "pg_hba.conf").write_text("# as initdb made it\n")
    let_in(tmp_path, ["10.0.0.1", "10.0.0.2"])
    assert (tmp_path / "pg_hba.conf").read_text().splitlines()[1:] == [
        "host all all 10.0.0.1/32 scram-sha-256",
        "host all all 10.0.0.2/32 scram-sha-256",
    ]


def test_root_without_setpriv_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(UsageError, match="package util-linux"):
        EMBEDDED.settled()


def test_who_is_not_root_stays_who_he_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert as_somebody() == ([], None)
