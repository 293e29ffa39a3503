"""What a machine is, as it says when it joins, and whether it is like the others.

The fields are those of docs/method.md, section 8.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.cli.matrix import Matrix
from harness.experiment.cluster.parcel import DATABASE
from harness.experiment.comparison.comparison import Comparison
from harness.machine import environment
from harness.machine.commit import commit
from harness.machine.doctor.database import database_topic
from harness.machine.doctor.findings import Finding, Mark
from harness.machine.doctor.hardware import machine
from harness.machine.doctor.noise import noise
from harness.machine.doctor.page import look
from harness.machine.fingerprint import (
    BROKER,
    MACHINE,
    PYTHON,
    Fingerprint,
    differ,
    moved,
    shown,
)
from infrastructure.brokers import DOCKER, BrokerChoice, service
from infrastructure.counted import counted
from infrastructure.errors import BenchError

# A verdict's blocks have to be alike in these; what moves without changing a machine throws doubt.
# Machines of two kinds may stand in two strata (--strata); the rest is what is compared.
KIND = (*MACHINE, "governor", "turbo_off")
COMPARED = (*PYTHON, *BROKER, "lock_hash", "harness_commit")
ALIKE = (*KIND, *COMPARED)


def look_round(comparison: Comparison, folder: Path, matrix: Matrix) -> Mapping[str, Any]:
    """This machine's card: its fingerprint, and what doctor finds remarkable, in sentences. Raises
    BenchError where nothing can be measured or kept here.
    """
    topics = (machine, noise, database_topic(folder / DATABASE))
    found = [finding for topic in topics for finding in look(topic, matrix)]
    if missing := [said(each) for each in found if each.mark is Mark.MISSING]:
        raise BenchError(f"doctor: {'; '.join(missing)}")
    remarks = [said(each) for each in found if each.mark is Mark.WARNING]
    kind = kind_of(comparison.setups[0].machine)
    return {"fingerprint": fingerprint(comparison), "remarks": remarks, "kind": kind}


def said(finding: Finding) -> str:
    return f"{finding.item}: {finding.found}"


def fingerprint(comparison: Comparison) -> Fingerprint:
    own = comparison.setups[0].machine | environment.calibrate()
    found = {name: [value] for name, value in own.items()}
    for setup in comparison.setups:
        build = next(iter(setup.descriptions.values())).build
        for name in PYTHON:
            found.setdefault(name, []).append(build[name])
        found.setdefault("broker_version", []).append(server(setup.arm.broker))
        found.setdefault("lock_hash", []).append(setup.arm.lock_hash)
    return found | {"harness_commit": [commit()]}


def kind_of(machine: Mapping[str, str]) -> str:
    """The name of machines like this one: two words for people, and a digest of all its fields."""
    fields = [f"{name}={machine.get(name, '')}" for name in KIND]
    digest = hashlib.sha256("\n".join(fields).encode()).hexdigest()[:4]
    cores = counted(int(machine["cores"]), "core")
    return f"{machine['cpu_model']} with {cores} ({digest})"


def server(broker: BrokerChoice) -> str:
    """Broker, provider and version, as far as it can be told before one is started."""
    label = f"{broker.label}, {broker.provider}"
    if broker.name == "stub" or broker.provider in {"url", DOCKER}:
        return label
    offered = service(broker.name)
    return f"{label}, {offered.program_version(offered.find(broker.provider))}"


def unlike(card: Fingerprint, reference: Fingerprint, names: Sequence[str] = ALIKE) -> list[str]:
    """Why its blocks may not stand beside those of the reference, by field with both values."""
    return [
        f"{name} {shown(card, name)} against {shown(reference, name)}"
        for name in names
        if differ(name, card, reference)
    ]


def doubts(card: Fingerprint, reference: Fingerprint) -> list[str]:
    """Where the calibration kernel or the temperature is apart."""
    return moved(reference, card)


def kinds(cards: Mapping[str, Fingerprint], names: Sequence[str] = ALIKE) -> list[list[str]]:
    """The machines, by name, in groups that are alike in these fields; the largest first."""
    groups: list[list[str]] = []
    for name, card in cards.items():
        like = (group for group in groups if not unlike(card, cards[group[0]], names))
        if group := next(like, None):
            group.append(name)
        else:
            groups.append([name])
    return sorted(groups, key=len, reverse=True)


def ground_of(cards: Collection[Fingerprint]) -> Iterator[tuple[str, Sequence[str]]]:
    """What the machines have to be for an experiment to be gone on with: of one of these kinds."""
    for name in MACHINE:
        if found := [value for card in cards for value in card.get(name, ())]:
            yield name, found
