"""Topic of the brokers: every provider of each, really asked."""

import tomllib
from dataclasses import replace

from harness.cli.matrix import Matrix
from harness.machine.doctor.findings import Finding, Mark, absent, first_line, ok, warning
from infrastructure import docker
from infrastructure.brokers import DOCKER, service
from infrastructure.errors import BenchError
from infrastructure.names import NAMES
from infrastructure.root import ROOT


def brokers(_matrix: Matrix) -> list[Finding]:
    """Every broker by provider, Docker by one look at its engine, and the stub's."""
    engine, images = docker_engine(), pinned_images()
    found: list[Finding] = []
    for name in NAMES:
        own = [server(name, provider) for provider in service(name).PROVIDERS]
        contained = [container(name, images[name], engine)] if engine.mark is Mark.OK else []
        found += judged([*own, *contained])
    return [
        *found,
        *([] if engine.mark is Mark.OK else [engine]),
        ok("any, url", "a server you name", "--provider url --broker-url URL"),
        ok("stub", "tasks/stub_queue.py", "a queue of our own, for tests"),
    ]


def server(name: str, provider: str) -> Finding:
    """A server's program, by really asking it for its version."""
    item = f"{name}, {provider}"
    try:
        path = service(name).find(provider)
    except (BenchError, ImportError) as error:
        if provider == "native":
            return absent(item, "not here", f"nox -s infra -- install {name}")
        return absent(item, "not here", first_line(error))
    try:
        return ok(item, f"{service(name).program_version(path)}, {path}")
    except BenchError as error:
        return warning(item, path, first_line(error))


def docker_engine() -> Finding:
    """Whether containers can be started at all."""
    item = f"any, {DOCKER}"
    try:
        return ok(item, docker.engine_version(docker.find()))
    except BenchError as error:
        return absent(item, "not here", first_line(error).removeprefix("--provider docker: "))


def pinned_images() -> dict[str, str]:
    """What ``--provider docker`` starts, by broker."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return dict(document["tool"]["bench"]["images"])


def container(name: str, image: str, engine: Finding) -> Finding:
    return ok(f"{name}, {DOCKER}", f"{image}, by Docker {engine.found}")


def judged(providers_of_one: list[Finding]) -> list[Finding]:
    """The providers of one broker: that one is absent matters only where no other is here."""
    if any(f.mark is Mark.OK for f in providers_of_one):
        return providers_of_one
    return [replace(f, mark=Mark.WARNING) if f.mark is Mark.ABSENT else f for f in providers_of_one]
