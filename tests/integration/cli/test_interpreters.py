"""Which Pythons are on this machine."""

import sys
from pathlib import Path

import pytest

from harness.cli import interpreters
from harness.cli.interpreters import find_python, is_python


def test_interpreters_are_found_by_running_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert not is_python(str(shim), "3.12")
    assert is_python(sys.executable, "{}.{}".format(*sys.version_info))
    monkeypatch.setattr(interpreters, "python_candidates", lambda _v: iter([str(shim), "/none"]))
    assert find_python("3.12") is None
