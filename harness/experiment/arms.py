"""Arms as they can be measured: on a cell that was built and a broker that was found."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from harness.cli.arms import ArmRequest
from harness.cli.console import console
from harness.cli.matrix import OWN_SOURCES
from harness.cli.replaced import code_digest
from harness.experiment.capacity import CALIBRATOR, OVERLOADER
from harness.scenario.point import Size
from harness.scenario.scenario import Scenario
from harness.trial.cell import Arm, Description, Wanted, describe_all, wanted
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BenchError, UsageError
from infrastructure.hosts.host import ALL_HERE, HERE, Places
from infrastructure.names import NAMES

# Providers whose servers listen on the address that the hosts of a trial reach.
ON_EVERY_ADDRESS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(NAMES, ("embedded", "native", "url")),
    "stub": ("embedded",),
    "sqs": ("url",),
}
Cells = Mapping[tuple[str, str, str], str]  # interpreters by framework, version, Python


@dataclass(frozen=True)
class Server:
    """Where brokers come from: the provider, and what goes with it. ``places``: where the roles of
    a trial run. ``said``: brokers of which it was said what was found.
    """

    provider: str
    url: str | None = None
    yes_flush: bool = False
    relaxed: bool = False
    places: Places = ALL_HERE
    said: set[str] = field(default_factory=set, compare=False)

    def broker(self, name: str) -> BrokerChoice:
        """The broker of this name, looked for now, and said when ``auto`` chose it. Raises
        UsageError.
        """
        asked = BrokerChoice(name, self.provider, self.url, self.yes_flush, self.relaxed)
        found = asked.settled()
        check_reach(found, self.places)
        if asked.provider == "auto" and name not in {"stub", *self.said}:
            self.said.add(name)
            console.print(f"[dim]{found.label}: provider {found.provider}[/]")
        return found


def check_reach(broker: BrokerChoice, places: Places) -> None:
    """Raises UsageError where other hosts could not reach the broker."""
    if not places.others:
        return
    if broker.provider == "url" and places.broker.name != HERE.name:
        raise UsageError("--place broker=HOST: a given server is where it is: leave broker= out")
    if broker.provider not in ON_EVERY_ADDRESS.get(broker.name, ()):
        raise UsageError(
            f"--place: {broker.name} of {broker.provider} listens on this host only; leave "
            "--provider out, or name a server that all hosts reach: --provider url --broker-url URL"
        )


def check_settings(requests: Iterable[ArmRequest], cells: Cells) -> None:
    """Ask the cells of arms with settings of the framework's own whether they take them: before a
    session has the machine, or waits for it. Raises UsageError or BenchError.
    """
    for request in requests:
        if request.settings:
            anywhere = BrokerChoice(request.broker, "auto")
            check_taken(arm_on(anywhere, request, cells, request.label(())))


def check_taken(arm: Arm) -> None:
    """The same of one arm."""
    if arm.options.get("set"):
        describe_all(arm, [wanted(CALIBRATOR, {})])


def built_arm(
    request: ArmRequest, cells: Cells, server: Server, name: str, workload: Path | None = None
) -> Arm:
    """The arm on its cell, and on its broker, which is checked. Raises UsageError or BenchError."""
    arm = arm_on(server.broker(request.broker), request, cells, name, workload)
    return placed(arm, server.places)


def placed(arm: Arm, places: Places) -> Arm:
    """The arm on these hosts: its workers once over on each of theirs."""
    if len(places.workers) == 1:
        return replace(arm, places=places)
    taken = arm.options.get("take", {})
    units = len(places.workers) * int(taken.get("units", 1))
    return replace(arm, places=places, options={**arm.options, "take": {**taken, "units": units}})


def arm_on(
    broker: BrokerChoice,
    request: ArmRequest,
    cells: Cells,
    name: str,
    workload: Path | None = None,
) -> Arm:
    """Raises BenchError where its cell was not built."""
    executable = cells.get((request.framework, request.version, request.python))
    if executable is None:
        raise BenchError(
            f"{name}: its cell was not built: start this through nox, again if its tree has changed"
        )
    options: dict[str, Any] = {"variant": request.variant} if request.variant else {}
    if request.settings:
        options["set"] = dict(map(setting, request.settings))
    if request.take:
        options["take"] = dict(map(setting, request.take))
    if workload:
        options["workload"] = str(workload)
    return Arm(
        request.framework,
        request.version,
        request.python,
        executable,
        broker,
        request.profile,
        options,
        request.adapter,
    )


def setting(word: str) -> tuple[str, Any]:
    """``KEY=VALUE``; a value that is JSON (8, true) is taken so, another as text."""
    key, _, value = word.partition("=")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def check_code(arms: Sequence[Arm], names: Sequence[str]) -> None:
    """Raises UsageError where two arms that differ in their packages only hold the same code."""
    if not any((arm.environment / OWN_SOURCES).exists() for arm in arms):
        return
    held = [replace(a, version=code_digest(a.environment), executable="") for a in arms]
    for number, arm in enumerate(held):
        if arm in held[:number]:
            raise UsageError(
                f"{names[held.index(arm)]} and {names[number]} are the same code: no module of "
                "theirs differs; name another commit or tree, or say --aa to compare it with itself"
            )


def describe_points(
    arm: Arm, scenarios: Iterable[Scenario], size: Size
) -> dict[Wanted, Description]:
    """What the cell says of every point of these scenarios, and of the calibration."""
    points = [wanted(s.name, p.wants) for s in scenarios for p in s.points(size)]
    return describe_all(arm, [wanted(CALIBRATOR, {}), wanted(OVERLOADER, {}), *points])
