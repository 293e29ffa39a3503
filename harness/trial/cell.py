"""A built cell as the host sees it: its interpreter, what it holds, how it starts its workers."""

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.cli.locks import entries
from harness.cli.matrix import LOCKS, OWN_LOCK, OWN_SOURCES
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BenchError, CellBroken, UsageError
from infrastructure.hosts.host import ALL_HERE, Places
from infrastructure.processes.child import cell_environment
from tasks.spec import BROKER_URL, Beside, Spec, Topology, on_broker

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
    adapter: str = ""  # a file that is used instead of tasks/frameworks/FRAMEWORK.py
    places: Places = ALL_HERE  # where its roles run

    @property
    def label(self) -> str:
        return f"{self.framework} {self.version} · Python {self.python} · {self.broker.label}"

    @property
    def lock_hash(self) -> str:
        """Empty for an arm without a cell."""
        return hashlib.sha256(self.lock.read_bytes()).hexdigest() if self.executable else ""

    @property
    def lock(self) -> Path:
        """Beside the cell where some of its packages come from elsewhere."""
        own = self.environment / OWN_LOCK
        return own if own.exists() else LOCKS / f"{self.framework}-{self.version}.txt"

    @property
    def environment(self) -> Path:
        return Path(self.executable).parent.parent

    @property
    def modules(self) -> str:
        """The folder of the user's adapter, empty without one."""
        return str(Path(self.adapter).parent) if self.adapter else ""

    @property
    def settings(self) -> str:
        """The framework's own settings, in words."""
        return " ".join(f"{key}={value}" for key, value in self.options.get("set", {}).items())

    @property
    def variation(self) -> str:
        """What tells it from other arms of its framework's version, in words."""
        taken = (f"{name}={number}" for name, number in self.options.get("take", {}).items())
        return " ".join(filter(None, [self.options.get("variant", ""), self.settings, *taken]))

    @property
    def surroundings(self) -> dict[str, str]:
        """Of a cell with packages from elsewhere: what they were, and a digest of the others."""
        if not (sources := self.environment / OWN_SOURCES).exists():
            return {}
        others = [e for e in entries(self.lock.read_text()) if " @ " not in e.split("\n")[0]]
        digest = hashlib.sha256("".join(others).encode()).hexdigest()
        return {"sources": sources.read_text().strip(), "other_packages": digest}

    def spec(
        self,
        scenario: str,
        broker_url: str,
        records: Path,
        wants: Mapping[str, Any] | None = None,
        api: str = "",
    ) -> Spec:
        bare = Spec(
            self.framework,
            self.broker.name,
            broker_url,
            self.profile,
            scenario,
            str(records),
            dict(self.options),
            api=api,
            adapter=self.adapter,
        )
        return bare.taking(wants or {})


@dataclass(frozen=True)
class Description(Beside):
    """What ``tasks.describe`` says in the cell; settings and environment hold ``{broker_url}`` and
    the like until a trial.

    ``gap``: what the framework cannot do, in words; then there are no workers.
    """

    packages: dict[str, str]
    build: dict[str, str]
    workers: list[list[str]] = field(default_factory=list)
    topology: Topology | None = None
    asked: dict[str, Any] = field(default_factory=dict)
    depth: dict[str, list[str]] = field(default_factory=dict)
    source: str = ""
    gap: str = ""

    @property
    def workers_topology(self) -> Topology:
        """The topology of workers that can be started. Raises BenchError for a gap."""
        if self.topology is None:
            raise BenchError(self.gap)
        return self.topology

    def environment_on(self, broker_url: str) -> dict[str, str]:
        """What workers and preparations see besides, on this trial's broker."""
        return {name: on_broker(value, broker_url) for name, value in self.environment.items()}

    def asked_on(self, broker_url: str) -> dict[str, Any]:
        """Settings to hold the workers to, on this trial's broker."""
        return {k: broker_url if v == BROKER_URL else v for k, v in self.asked.items()}


Wanted = tuple[str, str]  # scenario, and what a point takes of the workers, as JSON


def wanted(scenario: str, wants: Mapping[str, Any]) -> Wanted:
    """What a description is for."""
    return scenario, json.dumps(dict(wants), sort_keys=True)


def describe_all(arm: Arm, asked: Iterable[Wanted]) -> dict[Wanted, Description]:
    """Ask the cell, once. Raises CellBroken, in the cell's own words, when it cannot import its
    framework with the broker's client; UsageError on a setting that the framework does not take.
    """
    keys = list(dict.fromkeys(asked))
    said = ask(arm, [[name, json.loads(wants)] for name, wants in keys])
    if refused := said.get("refused"):
        raise UsageError(f"{arm.label}, set {arm.settings}: {refused}")
    common = {"packages": said["packages"], "build": said["build"]}
    return {
        key: described(common, found) for key, found in zip(keys, said["launches"], strict=True)
    }


def ask(arm: Arm, question: list[list[Any]]) -> dict[str, Any]:
    """What ``tasks.describe`` answers in the cell. Raises CellBroken."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        spec = Path(folder) / "spec.json"
        arm.spec("", BROKER_URL, Path(folder)).write(spec)
        try:
            done = subprocess.run(
                [arm.executable, "-m", "tasks.describe"],
                input=json.dumps(question),
                cwd=folder,
                capture_output=True,
                text=True,
                env=cell_environment(spec, 0, arm.modules),
                check=False,
                timeout=DESCRIBE_S,
            )
        except OSError as error:
            raise CellBroken(f"{arm.label}: its interpreter cannot be started: {error}") from None
        except subprocess.TimeoutExpired:
            raise CellBroken(f"{arm.label}: it did not answer within {DESCRIBE_S} s") from None
    if done.returncode:
        raise CellBroken(refusal(arm, done.stderr))
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def refusal(arm: Arm, said: str) -> str:
    """Why nothing can be planned on a cell, by the end of what it said; a module that is missing
    is told in a sentence.
    """
    *_, last = ["", *said.strip().splitlines()]
    kind, _, missing = last.partition(": ")
    if kind not in {"ImportError", "ModuleNotFoundError"}:
        return f"{arm.label}: the cell does not work:\n{said[-2000:]}"
    return (
        f"{arm.label}: the cell cannot import the framework with its broker's client: {missing}\n"
        f"Found in {arm.executable}, which holds what locks/{arm.framework}-{arm.version}.txt says."
        f" Add what it lacks to [tool.bench.frameworks.{arm.framework}] of pyproject.toml "
        f"(with = [...]), then: nox -s lock -- {arm.framework}-{arm.version}"
    )


def described(common: Mapping[str, Any], found: dict[str, Any]) -> Description:
    if "topology" in found:
        found["topology"] = Topology(**found["topology"])
    return Description(**common, **found)
