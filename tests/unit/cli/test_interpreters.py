"""Where Pythons are looked for, and an environment whose Python has gone."""

from pathlib import Path
from typing import Never

import pytest

from harness.cli import environments
from harness.cli.interpreters import python_candidates


@pytest.fixture(autouse=True)
def nothing_on_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PYENV_ROOT", "XDG_DATA_HOME", "UV_PYTHON_INSTALL_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.mark.parametrize(
    ("variable", "inside"),
    [
        ("HOME", ".pyenv/versions/3.12.1"),
        ("HOME", ".local/share/uv/python/cpython-3.12.1-linux"),
        ("PYENV_ROOT", "versions/3.12.1"),
        ("XDG_DATA_HOME", "uv/python/cpython-3.12.1-linux"),
        ("UV_PYTHON_INSTALL_DIR", "cpython-3.12.1-linux"),
    ],
)
def test_a_python_is_found_where_its_tool_keeps_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, inside: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "kept"))
    (tmp_path / "kept" / inside).mkdir(parents=True)
    assert list(python_candidates("3.12")) == [
        str(tmp_path / "kept" / inside / "bin" / "python3.12")
    ]


def test_folders_that_may_not_be_read_hold_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Never:
        raise PermissionError(13, "Permission denied", "/root/.pyenv")

    monkeypatch.setattr(Path, "glob", refuse)
    assert list(python_candidates("3.12")) == []


def test_a_user_without_a_home_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Never:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert list(python_candidates("3.12")) == []


def test_an_environment_whose_python_has_gone_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(environments, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(environments, "uv", lambda *words: asked.append(words))
    (tmp_path / "harness" / "bin").mkdir(parents=True)
    (tmp_path / "harness" / "bin" / "python").symlink_to("/gone/python3.12")
    assert environments.built("harness", "/usr/bin/python3") == tmp_path / "harness"
    [words] = asked
    assert words[0] == "venv"
    assert "--clear" in words
