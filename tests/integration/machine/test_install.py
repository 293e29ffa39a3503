"""Installing: what is called, on systems that are made up."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.machine import install
from infrastructure.errors import BenchError
from infrastructure.root import ROOT

APT = """\
#!/bin/sh
echo "$@" >> {calls}
[ "$1" = update ] && exit 0
sh {policy} && echo "a service may start" >> {calls}
exit {code}
"""


@pytest.mark.parametrize("own", [None, "#!/bin/sh\n# the machine's own\nexit 0\n"])
@pytest.mark.parametrize("code", [0, 100])
def test_no_service_starts_and_the_machines_policy_comes_back(
    tmp_path: Path, own: str | None, code: int
) -> None:
    policy, calls = tmp_path / "policy-rc.d", tmp_path / "calls"
    if own:
        program(policy, own)
    program(tmp_path / "apt-get", APT.format(calls=calls, policy=policy, code=code))
    program(tmp_path / "systemctl", f'#!/bin/sh\necho "$@" >> {calls}\n')
    script = install.APT_SCRIPT.format(packages="redis-server", units="redis-server")
    done = subprocess.run(
        ["sh", "-c", script.replace("/usr/sbin/policy-rc.d", str(policy))],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode == code
    said = calls.read_text().splitlines()
    assert said[0].startswith("update")
    assert said[1].split()[-1] == "redis-server"
    assert "--no-remove" in said[1].split()  # --yes would let a MySQL go for mariadb-server
    assert "a service may start" not in said
    assert ("disable --quiet redis-server" in said) is (code == 0)
    assert (policy.read_text() if policy.exists() else None) == own
    assert not policy.with_name("policy-rc.d.before").exists()


def test_it_needs_nothing_but_the_standard_library() -> None:
    """CI installs before there is any environment of ours, on the system's own Python."""
    code = (
        "import sys; sys.argv = ['x', 'infra', 'install', 'sqs']\n"
        "from harness.__main__ import main\n"
        "code = main(); print(sorted(n for n in ('psutil', 'rich', 'redis') if n in sys.modules));"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("[]\n")


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A machine that has these programs, each of which writes down its call; the file of calls."""

    def make(**programs: int) -> Path:
        calls = tmp_path / "calls"
        for name, code in programs.items():
            text = f'#!/bin/sh\necho {name} "$@" >> {calls}\nexit {code}\n'
            program(tmp_path / name.replace("_", "-"), text)
        monkeypatch.setenv("PATH", str(tmp_path))
        return calls

    return make


def test_debian_is_shown_what_would_be_done(
    only: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = only(apt_get=0, dpkg_query=0, sudo=0)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert install.install(["redis", "mysql"], yes=False) == 0
    shown = shlex.split(capsys.readouterr().out)
    assert shown[:3] == ["sudo", "sh", "-c"]
    assert "--no-install-recommends \\\n    redis-server mariadb-server\n" in shown[3]
    assert "systemctl disable --quiet redis-server mariadb;" in shown[3]
    assert "apt_get" not in calls.read_text()


def test_without_root_and_sudo_it_says_so(
    only: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    only(apt_get=0, dpkg_query=0)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(BenchError, match="run this as root"):
        install.install(["redis"], yes=False)


@pytest.mark.parametrize("code", [0, 1])
def test_macos_installs_by_brew(only: Callable[..., Path], code: int) -> None:
    calls = only(brew=code)
    assert install.install(["redis", "postgresql", "mysql"], yes=True) == code
    assert calls.read_text() == "brew install redis postgresql@17 mariadb\n"


def test_another_system_is_told_what_to_install(
    only: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    only()
    assert install.install([], yes=False) == 0
    said = capsys.readouterr().out
    for words in ("valkey-server or redis-server", "PostgreSQL 15", "MariaDB", "RabbitMQ", "sqs:"):
        assert words in said
    assert install.install(["redis"], yes=True) == 1
