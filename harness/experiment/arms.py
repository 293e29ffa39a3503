"""Arms as they can be measured: on a cell that was built and a broker that was found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.cli.arms import ArmRequest
from harness.cli.console import console
from harness.experiment.capacity import CALIBRATOR, OVERLOADER
from harness.scenario.point import Size
from harness.scenario.scenario import Scenario
from harness.trial.cell import Arm, Description, Wanted, describe_all, wanted
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import BenchError

Cells = Mapping[tuple[str, str, str], str]  # interpreters by framework, version, Python


@dataclass(frozen=True)
class Server:
    """Where brokers come from: the provider, and what goes with it."""

    provider: str
    url: str | None = None
    yes_flush: bool = False
    relaxed: bool = False

    def broker(self, name: str) -> BrokerChoice:
        """The broker of this name, looked for now, and said when ``auto`` chose it. Raises
        UsageError.
        """
        asked = BrokerChoice(name, self.provider, self.url, self.yes_flush, self.relaxed)
        found = asked.settled()
        if asked.provider == "auto" and name != "stub":
            console.print(f"[dim]{found.label}: provider {found.provider}[/]")
        return found


def built_arm(request: ArmRequest, cells: Cells, server: Server, name: str) -> Arm:
    """The arm on its cell, and on its broker, which is checked. Raises UsageError or BenchError."""
    broker = server.broker(request.broker)
    executable = cells.get((request.framework, request.version, request.python))
    if executable is None:
        raise BenchError(f"{name}: its cell was not built; start this through nox")
    return Arm(
        request.framework,
        request.version,
        request.python,
        executable,
        broker,
        request.profile,
        {"variant": request.variant} if request.variant else {},
    )


def describe_points(
    arm: Arm, scenarios: Iterable[Scenario], size: Size
) -> dict[Wanted, Description]:
    """What the cell says of every point of these scenarios, and of the calibration."""
    points = [wanted(s.name, p.wants) for s in scenarios for p in s.points(size)]
    return describe_all(arm, [wanted(CALIBRATOR, {}), wanted(OVERLOADER, {}), *points])
