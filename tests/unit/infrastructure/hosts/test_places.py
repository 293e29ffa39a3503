"""What --place may say, and what it says of what is not there."""

import subprocess
from types import SimpleNamespace
from typing import Any

import pytest

from infrastructure.errors import UsageError
from infrastructure.hosts import places
from infrastructure.hosts.host import ALL_HERE, HERE, Host, Places
from infrastructure.hosts.places import (
    address_in,
    host_of,
    named_in,
    places_by,
    places_of,
)
from infrastructure.processes.role import Role


@pytest.mark.parametrize("words", [None, "", "broker=here", "worker=here,producer=here"])
def test_all_is_here_unless_something_else_was_asked(words: str | None) -> None:
    assert places_of(words) == ALL_HERE
    assert ALL_HERE.words == ""
    assert ALL_HERE.others == []


@pytest.mark.parametrize(
    "words", ["workers=here", "worker=here,worker=here", "here", "broker=here+a", "worker=a+a"]
)
def test_what_is_no_role_is_refused(words: str) -> None:
    with pytest.raises(UsageError, match="expected broker=HOST,worker=HOST,producer=HOST"):
        places_of(words)


@pytest.mark.parametrize("name", ["example.org", "netns:", "netns:a b", "netns:a+x"])
def test_what_is_no_host_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is no host"):
        host_of(name)


def test_roles_have_hosts() -> None:
    far = Host("netns:w", "10.0.0.2", ("ip", "netns", "exec", "w"))
    found = Places(workers=(far,), producer=far)
    assert found.of(Role.WORKERS) == found.of(Role.PREPARATION) == found.of(Role.PRODUCER) == far
    assert found.of(Role.BROKER) == found.of(Role.API) == HERE
    assert found.others == [far]
    assert found.words == "broker=here,worker=netns:w,producer=netns:w"
    assert found.clients == ["127.0.0.1", "10.0.0.2"]


def test_a_group_of_workers_is_on_each_of_several_hosts() -> None:
    assert named_in("broker=a,worker=netns:w+7+netns:x+b") == {
        "broker": ["a"],
        "worker": ["netns:w+7", "netns:x", "b"],
    }
    hosts = {name: Host(name, f"10.0.0.{n}") for n, name in enumerate("ab", 2)}
    found = places_by({"worker": ["a", "b"]}, hosts.__getitem__, lambda _: "10.0.0.1")
    assert [found.of_worker(n, 4).name for n in range(4)] == ["a", "a", "b", "b"]
    assert found.words == "broker=here,worker=a+b,producer=here"
    assert found.clients == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    assert found.of(Role.PREPARATION).name == "a"


def answered(monkeypatch: pytest.MonkeyPatch, code: int, out: str) -> None:
    def run(*_: Any, **__: Any) -> SimpleNamespace:
        return SimpleNamespace(returncode=code, stdout=out, stderr="Cannot open it")

    monkeypatch.setattr(places, "program", lambda: "ip")
    monkeypatch.setattr(subprocess, "run", run)


def test_a_namespace_that_is_not_there_or_has_no_address_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered(monkeypatch, 1, "")
    with pytest.raises(UsageError, match="no network namespace w: Cannot open it"):
        address_in("w")
    loopback = '[{"addr_info": [{"family": "inet", "scope": "host", "local": "127.0.0.1"}]}, {}]'
    answered(monkeypatch, 0, loopback)
    with pytest.raises(UsageError, match="has no IPv4 address that is up"):
        address_in("w")


def test_a_clock_that_is_ahead_is_a_time_namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    link = '[{"addr_info": [{"family": "inet", "scope": "global", "local": "10.0.0.2"}]}]'
    answered(monkeypatch, 0, link)
    assert host_of("netns:w+7") == Host(
        "netns:w+7",
        "10.0.0.2",
        ("ip", "netns", "exec", "w", "unshare", "--time", "--monotonic", "7"),
    )
    assert host_of("netns:w").prefix == ("ip", "netns", "exec", "w")
