"""The Compose file: by its schema, with the images that are pinned, and nothing open to others."""

import copy
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from harness.cli.words import BROKERS
from infrastructure import docker
from infrastructure.root import ROOT

SCHEMA = json.loads((Path(__file__).parent / "compose_spec" / "compose.schema.json").read_text())
TEXT = docker.COMPOSE.read_text()
PINS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["bench"]["images"]
PASSWORD = re.compile(r"PASS|AUTH|SECRET", re.IGNORECASE)


@pytest.fixture
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(TEXT)
    return loaded


def complaints(compose: dict[str, Any]) -> list[str]:
    """What is wrong with it, the schema's errors and our own rules."""
    validator = jsonschema.Draft7Validator(SCHEMA)
    found = [error.message for error in validator.iter_errors(compose)]
    for name, service in compose["services"].items():
        found += [f"{name}: {words}" for words in service_complaints(name, service)]
    return found


def service_complaints(name: str, service: dict[str, Any]) -> list[str]:
    found = []
    if "build" not in service and service.get("image") != PINS[name]:
        found.append(f"image {service.get('image')}, pinned is {PINS[name]}")
    found += [
        f"port {port} is not a free one of the loopback interface"
        for port in service.get("ports", [])
        if not re.fullmatch(r"127\.0\.0\.1::\d+", str(port))
    ]
    if service.get("network_mode") == "host" and not listens_on_loopback(service):
        found.append("listens on every address of the host")
    if ("ports" in service) == ("network_mode" in service):
        found.append("is reached by ports, or by the network of the host")
    if not service.get("healthcheck", {}).get("test"):
        found.append("no health check")
    if not service.get("profiles"):
        found.append("starts unasked")
    for key, value in service.get("environment", {}).items():
        if PASSWORD.search(key) and not str(value).startswith("${BENCH_PASSWORD:?"):
            found.append(f"{key} has a literal password or a default")
    return found


def listens_on_loopback(service: dict[str, Any]) -> bool:
    """Whether it is told to, in the words of Prometheus or of Grafana."""
    told = [*service.get("command", []), service.get("environment", {}).get("GF_SERVER_HTTP_ADDR")]
    return bool({"--web.listen-address=127.0.0.1:9090", "127.0.0.1"} & set(told))


def test_what_it_mounts_is_there(compose: dict[str, Any]) -> None:
    mounted = [v for s in compose["services"].values() for v in s.get("volumes", [])]
    assert len(mounted) == 3
    assert all((ROOT / "infrastructure" / v.split(":")[0]).exists() for v in mounted)


def test_the_file_is_valid_and_keeps_the_rules(compose: dict[str, Any]) -> None:
    assert complaints(compose) == []


DEFECTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "'imagee' does not match": lambda s: s["redis"].update(imagee="x"),
    "not valid under any": lambda s: s["mysql"]["healthcheck"].update(test=7),
    "pinned is redis:": lambda s: s["redis"].update(image="redis:latest"),
    "port 6379:6379": lambda s: s["redis"].update(ports=["6379:6379"]),
    "port 127.0.0.1:6379:6379": lambda s: s["redis"].update(ports=["127.0.0.1:6379:6379"]),
    "every address of the host": lambda s: s["grafana"]["environment"].pop("GF_SERVER_HTTP_ADDR"),
    "or by the network": lambda s: s["redis"].update(network_mode="host"),
    "no health check": lambda s: s["grafana"].pop("healthcheck"),
    "starts unasked": lambda s: s["sqs"].pop("profiles"),
    "literal password": lambda s: s["mysql"]["environment"].update(MYSQL_ROOT_PASSWORD="secret"),
    "or a default": lambda s: s["mysql"]["environment"].update(
        MYSQL_ROOT_PASSWORD="${BENCH_PASSWORD:-secret}"
    ),
}


@pytest.mark.parametrize("said", DEFECTS)
def test_a_defect_is_found(compose: dict[str, Any], said: str) -> None:
    broken = copy.deepcopy(compose)
    DEFECTS[said](broken["services"])
    assert any(said in words for words in complaints(broken))


def test_every_broker_and_every_pin_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(docker.SERVICES) == set(BROKERS) <= set(services)
    assert set(PINS) == {name for name, s in services.items() if "image" in s} | {"python"}
    for name, (port, _) in docker.SERVICES.items():
        assert services[name]["profiles"] == [name]
        assert services[name]["ports"] == [f"127.0.0.1::{port}"]


def test_no_variable_but_the_password_is_needed() -> None:
    assert set(re.findall(r"\$\{(\w+:[?-])", TEXT)) == {"BENCH_PASSWORD:?", "BENCH_TRIAL:-"}


def test_the_mock_api_is_built_on_the_pin_and_of_files_that_exist() -> None:
    lines = (ROOT / "infrastructure" / "api.Dockerfile").read_text().splitlines()
    assert f"FROM {PINS['python']}" in lines
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY")]
    assert all((ROOT / path).is_file() for paths in copied for path in paths)
