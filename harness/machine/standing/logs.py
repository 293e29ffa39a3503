"""The end of the logs of what stands."""

from collections.abc import Sequence
from pathlib import Path

from harness.machine.standing.actions import each_standing
from infrastructure import docker
from infrastructure.errors import BenchError

LOG_LINES = 40


def logs(place: Path, asked: Sequence[str]) -> int:
    """The end of the logs; 1 when one asked for is not there."""
    return each_standing(place, asked, show_log, "no broker is running, so there is no log")


def show_log(folder: Path) -> None:
    if not folder.exists():
        raise BenchError(f"it is not running; start it: nox -s infra -- up {folder.name}")
    print(f"── {folder.name}\n{log_of(folder)}")


def log_of(folder: Path) -> str:
    """The last lines of each of its logs."""
    if project := docker.project_of(folder):
        return project.logs()
    ends = [end_of(path) for path in sorted(folder.glob("*.log"))]
    return "\n".join(end for end in ends if end) or "(the log is empty)"


def end_of(path: Path) -> str:
    lines = path.read_text(errors="replace").splitlines()[-LOG_LINES:]
    return "\n".join([f"{path}:", *(f"  {line}" for line in lines)]) if lines else ""
