"""A port that somebody has."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from harness.trial.live.server import serving
from infrastructure.errors import UsageError
from infrastructure.root import ROOT


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(UsageError, match=f"--metrics-port {port}: cannot listen"),
            serving(port),
        ):
            pytest.fail("it took a port that somebody has")
        version = "{}.{}".format(*sys.version_info)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "harness",
                "bench",
                "stub",
                "1.0",
                version,
                "/no/such/python",
                "--metrics-port",
                str(port),
                "--db",
                str(tmp_path / "r.duckdb"),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2, done.stderr
    assert "name a free port" in done.stderr
    assert list(tmp_path.iterdir()) == []
