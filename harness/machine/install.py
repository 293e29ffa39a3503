"""``infra install``: the system's packages of the brokers' servers, so that none is left running.

Standard library only, for Python 3.11 on: CI calls it before any environment of ours exists.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence

from infrastructure.errors import BenchError

APT = {
    "redis": "redis-server",
    "postgresql": "postgresql",
    "mysql": "mariadb-server",
    "rabbitmq": "rabbitmq-server",
}
BREW = {
    "redis": "redis",
    "postgresql": "postgresql@17",
    "mysql": "mariadb",
    "rabbitmq": "rabbitmq",
}
ELSEWHERE = {
    "redis": "valkey-server or redis-server",
    "postgresql": "PostgreSQL 15 or newer (postgres and initdb)",
    "mysql": "MariaDB 10.11 or MySQL 8.4 or newer",
    "rabbitmq": "RabbitMQ 3.10 or newer",
}
# Brought along by a package, and enabling units of its own.
BRINGS = {"rabbitmq-server": "erlang-base"}
# The units that those packages enable. What was installed before is not touched.
UNITS = {
    "redis-server": "redis-server",
    "postgresql": "postgresql",
    "mariadb-server": "mariadb",
    "rabbitmq-server": "rabbitmq-server",
    "erlang-base": "epmd.service epmd.socket",  # port 4369 of every interface
}
# A policy of the machine's own is put aside, and comes back however this ends. The units are
# disabled: else they would start when the machine starts next. Nothing is removed: mariadb-server
# would take the place of an installed MySQL.
APT_SCRIPT = """\
set -e
policy=/usr/sbin/policy-rc.d
restore() {{ rm -f $policy; if [ -e $policy.before ]; then mv $policy.before $policy; fi; }}
trap restore EXIT
trap 'exit 130' HUP INT TERM
if [ -e $policy ] && [ ! -e $policy.before ]; then mv $policy $policy.before; fi
printf '#!/bin/sh\\nexit 101\\n' > $policy
chmod 755 $policy
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-remove --no-install-recommends \\
    {packages}
if command -v systemctl > /dev/null; then systemctl disable --quiet {units}; fi
"""


def install(brokers: Sequence[str], *, yes: bool) -> int:
    """Print what installs the servers, of all where none is named; with ``yes`` run it. 0, or 1
    when it failed or we do not know how on this system.
    """
    wanted = brokers or [*APT, "sqs"]
    if "sqs" in wanted:
        print("sqs: nothing of the system's; the session gets an emulator into .nox/sqs")
    names = [name for name in wanted if name in APT]
    if not names:
        return 0
    if shutil.which("apt-get"):
        return by_apt(names, yes=yes)
    if shutil.which("brew"):
        return carry_out(["brew", "install", *(BREW[name] for name in names)], yes=yes)
    return by_hand(names, yes=yes)


def by_apt(names: Sequence[str], *, yes: bool) -> int:
    """Debian and Ubuntu."""
    missing = [APT[name] for name in names if not installed(APT[name])]
    if not missing:
        print(f"nothing to install: {', '.join(APT[name] for name in names)}: here already")
        return 0
    brought = [BRINGS[name] for name in missing if name in BRINGS]
    new = [*missing, *(name for name in brought if not installed(name))]
    script = APT_SCRIPT.format(
        packages=" ".join(missing), units=" ".join(UNITS[name] for name in new)
    )
    return carry_out([*as_root(), "sh", "-c", script], yes=yes)


def installed(package: str) -> bool:
    """Whether dpkg has it, and whole."""
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout == "installed"


def as_root() -> list[str]:
    """Raises BenchError where there is no way to become root."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        return ["sudo"]
    raise BenchError("installing takes root's rights, and there is no sudo: run this as root")


def carry_out(command: Sequence[str], *, yes: bool) -> int:
    """Run a command with its output, or show it as it can be typed."""
    if not yes:
        print(shlex.join(command))
        print("\nNothing was installed. To run this: the same with --yes", file=sys.stderr)
        return 0
    sys.stdout.flush()
    code = subprocess.run(command, check=False).returncode
    if code:
        print(f"error: the installation ended with exit code {code}, see above", file=sys.stderr)
    return 1 if code else 0


def by_hand(names: Sequence[str], *, yes: bool) -> int:
    """A system that we have no commands for."""
    where = "brew (https://brew.sh)" if sys.platform == "darwin" else "apt-get"
    print(f"There is no {where} here. Install these, with their programs on PATH:")
    for name in names:
        print(f"  {name}: {ELSEWHERE[name]}")
    print("Or use --provider docker, or a server of your own: --provider url --broker-url URL")
    return 1 if yes else 0
