"""A built cell as the host sees it: its interpreter, what it holds, how it starts its workers."""

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.errors import BenchError
from harness.matrix import LOCKS
from harness.processes import cell_environment
from infrastructure.brokers import BrokerChoice
from tasks.spec import BROKER_URL, Spec, Topology

DESCRIBE_S = 60


@dataclass(frozen=True)
class Arm:
    """What is compared with what: a cell on a broker with a worker topology."""

    framework: str
    version: str
    python: str  # as declared, for example 3.12
    executable: str  # the cell's interpreter
    broker: BrokerChoice
    profile: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.framework} {self.version} · Python {self.python} · {self.broker.name}"

    @property
    def lock_hash(self) -> str:
        lock = LOCKS / f"{self.framework}-{self.version}.txt"
        return hashlib.sha256(lock.read_bytes()).hexdigest()

    def spec(self, scenario: str, broker_url: str, records: Path) -> Spec:
        return Spec(
            self.framework,
            self.broker.name,
            broker_url,
            self.profile,
            scenario,
            str(records),
            dict(self.options),
        )


@dataclass(frozen=True)
class Description:
    """What ``tasks.describe`` says in the cell; commands hold ``{broker_url}`` until a trial."""

    workers: list[list[str]]
    topology: Topology
    asked: dict[str, Any]
    depth: dict[str, list[str]]
    source: str
    keys: list[str]
    packages: dict[str, str]
    build: dict[str, str]

    def worker_commands(self, executable: str, broker_url: str) -> list[list[str]]:
        return [
            [executable, "-m", *(word.replace(BROKER_URL, broker_url) for word in command)]
            for command in self.workers
        ]

    def asked_on(self, broker_url: str) -> dict[str, Any]:
        """Settings to hold the workers to, on this trial's broker."""
        return {k: broker_url if v == BROKER_URL else v for k, v in self.asked.items()}


def describe(arm: Arm, scenario: str) -> Description:
    """Ask the cell. Raises BenchError with the cell's own words when it cannot import."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        spec = Path(folder) / "spec.json"
        arm.spec(scenario, BROKER_URL, Path(folder)).write(spec)
        done = subprocess.run(
            [arm.executable, "-m", "tasks.describe"],
            cwd=folder,
            capture_output=True,
            text=True,
            env=cell_environment(spec, 0),
            check=False,
            timeout=DESCRIBE_S,
        )
    if done.returncode:
        raise BenchError(f"{arm.label}: the cell does not work:\n{done.stderr[-2000:]}")
    said = json.loads(done.stdout)
    return Description(**{**said, "topology": Topology(**said["topology"])})
