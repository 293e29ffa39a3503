"""From ``--place`` to hosts that are there: network namespaces of this machine, as root."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from infrastructure.errors import UsageError
from infrastructure.hosts.host import ALL_HERE, HERE, Host, Places

ROLES = ("broker", "worker", "producer")
NAMESPACE = re.compile(r"netns:([\w.-]+)(?:\+(\d+))?")
FORM = (
    "broker=HOST,worker=HOST,producer=HOST, where HOST is here, netns:NAME, netns:NAME+SECONDS or, "
    "with --cluster, a worker's name or resource:NAME; worker=HOST+HOST for workers on each"
)
BETWEEN = re.compile(r"\+(?!\d+(?:\+|$))")  # hosts: a number is a clock's seconds


def places_of(words: str | None) -> Places:
    """Of ``--place``. Raises UsageError where it is mistyped, or a host is not there."""
    if not words:
        return ALL_HERE
    return places_by(named_in(words), host_of, address_towards)


def named_in(words: str) -> dict[str, list[str]]:
    """Names of hosts by role. Raises UsageError."""
    named: dict[str, list[str]] = {}
    for part in words.split(","):
        role, _, names = part.partition("=")
        hosts = BETWEEN.split(names)
        several = len(hosts) > 1 and role != "worker"
        if role not in ROLES or role in named or several or len({*hosts}) < len(hosts):
            raise UsageError(f"--place: found {part!r}, expected {FORM}")
        named[role] = hosts
    return named


def places_by(
    named: Mapping[str, Sequence[str]],
    find: Callable[[str], Host],
    own_address: Callable[[str], str],
) -> Places:
    """Of names by role; ``own_address``: of this host, on the way to another one. Raises
    UsageError.
    """
    hosts = {role: [find(name) for name in names] for role, names in named.items()}
    others = [each for found in hosts.values() for each in found if each.name != HERE.name]
    if not others:
        return ALL_HERE
    to = next((h for h in hosts.get("broker", []) if h.name != HERE.name), others[0])
    here = Host(HERE.name, own_address(to.address))

    def of(role: str) -> tuple[Host, ...]:
        return tuple(here if h.name == HERE.name else h for h in hosts.get(role, [HERE]))

    return Places(of("broker")[0], of("worker"), of("producer")[0], here)


def host_of(name: str) -> Host:
    """``here``, or a namespace with its address, and its clock ahead by so many seconds: a stand-in
    for a host whose clock began at another time. Raises UsageError.
    """
    if name == HERE.name:
        return HERE
    found = NAMESPACE.fullmatch(name)
    if found is None:
        raise UsageError(f"--place: {name!r} is no host, expected {FORM}")
    namespace, ahead_s = found.groups()
    ip = program()
    clock = ("unshare", "--time", "--monotonic", ahead_s) if ahead_s else ()
    prefix = (ip, "netns", "exec", namespace, *clock)
    return Host(name, address_in(namespace), prefix)


def program() -> str:
    """``ip``. Raises UsageError where there is none, or no right to use it so."""
    found = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise UsageError("--place: netns:NAME takes the program ip: apt-get install iproute2")
    if os.geteuid() != 0:
        raise UsageError("--place: only root may start a process in a network namespace")
    return found


def address_in(namespace: str) -> str:
    """The first IPv4 address of a namespace beside loopback. Raises UsageError."""
    links = asked(f"no network namespace {namespace}", "-netns", namespace, "address", "show", "up")
    for link in links:
        for one in link.get("addr_info", []):
            if one["family"] == "inet" and one["scope"] == "global":
                return str(one["local"])
    raise UsageError(f"--place: the network namespace {namespace} has no IPv4 address that is up")


def address_towards(address: str) -> str:
    """This host's own address on the way there. Raises UsageError."""
    (route,) = asked(f"no way to {address}", "route", "get", address)
    return str(route["prefsrc"])


def asked(otherwise: str, *words: str) -> Any:
    """What ``ip`` answers. Raises UsageError with ``otherwise`` and its own words."""
    command = [program(), "-json", "-4", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UsageError(f"--place: {otherwise}: {done.stderr.strip() or 'ip failed'}")
    return json.loads(done.stdout)
