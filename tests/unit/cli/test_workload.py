"""A workload of the user's: what its file says, and when its tasks arrive."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from harness.cli.arms import requested
from harness.cli.matrix import Matrix
from harness.cli.workload import read_workload
from harness.scenario.catalogue import chosen
from harness.scenario.point import FULL, QUICK
from harness.scenario.scenario import Scenario
from infrastructure.errors import UsageError
from tests.typed import typed

FILE = """\
from somewhere import nothing_that_is_here
REQUIRES = ["pillow"]
RATE = 50
WANTS = {"waiting": 20}
ARGUMENTS = [(computed(),) for _ in range(3)]

def task(size):
    ...
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(FILE)
    return path


def stamped(file: Path, lines: str) -> Path:
    (file.parent / "stamps.csv").write_text(lines)
    file.write_text(FILE.replace("RATE = 50", 'ARRIVALS = "stamps.csv"'))
    return file


def scenario_of(file: Path) -> Scenario:
    return chosen((), (), file)["workload"]


def test_a_file_is_read_and_not_imported(file: Path) -> None:
    found = read_workload(file)
    assert (found.rate, found.requires, found.wants) == (50.0, ("pillow",), {"waiting": 20})
    (point,) = scenario_of(file).points(QUICK)
    assert (point.label, point.wants) == ("50 tasks/s", {"waiting": 20})
    assert scenario_of(file).work[0] == str(file)


def test_its_packages_are_in_every_cell(file: Path, matrix: Matrix) -> None:
    options = typed("compare", ["celery", "dramatiq", "--workload", str(file)])
    assert [arm.cell.requires for arm in requested(options, matrix)] == [("pillow",)] * 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("def task", "def work", "defines no task"),
        ("RATE = 50", "", "says no arrival rate"),
        ("RATE = 50", "RATE = 0", "says no arrival rate"),
        ("RATE = 50", "RATE = rate()", "cannot be read"),
        ("def task", "def", "cannot be read"),
        ("RATE = 50", 'ARRIVALS = "gone.csv"', "ARRIVALS: no file"),
    ],
)
def test_what_a_file_lacks_is_said(file: Path, old: str, new: str, said: str) -> None:
    file.write_text(FILE.replace(old, new))
    with pytest.raises(UsageError, match=said):
        read_workload(file)


def test_time_stamps_are_replayed(file: Path) -> None:
    stamps = [f"{100 + 0.05 * n:.2f}" for n in range(200)]
    own = scenario_of(stamped(file, "\n".join(["time", *reversed(stamps)])))
    (point,) = own.points(FULL)
    assert point.label == "20 tasks/s by time stamps"
    offsets = own.offsets(FULL, np.random.default_rng(1))  # type: ignore[attr-defined]
    assert offsets.tolist() == pytest.approx([5e7 * n for n in range(200)])
    assert len(own.offsets(replace(QUICK, load_s=1), np.random.default_rng(1))) == 100  # type: ignore[attr-defined]
    digests = {str(point.options["arrivals"])}
    digests |= {str(scenario_of(stamped(file, "\n".join(stamps))).points(FULL)[0].options)}
    assert len(digests) == 2


def test_iso_times_are_stamps_too(file: Path) -> None:
    lines = [f"2026-01-01T00:00:{n // 4:02}.{n % 4 * 25:02}Z" for n in range(120)]
    assert read_workload(stamped(file, "\n".join(lines))).arrivals[:3] == (0, 0.25, 0.5)


@pytest.mark.parametrize(
    ("lines", "said"), [("0\n1\n", "2 time stamps"), ("t\n0\nsoon\n", "line 3: 'soon' is no time")]
)
def test_stamps_that_are_none_are_refused(file: Path, lines: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_workload(stamped(file, lines))


OWN_SCENARIO = """\
from scenarios.throughput import Throughput

class Mine(Throughput):
    name = "{name}"

SCENARIO = Mine()
"""


def test_a_scenario_of_the_users_is_one_of_them(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(OWN_SCENARIO.format(name="mine"))
    assert list(chosen(["latency"], [file])) == ["latency", "mine"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no Python file"),
        ("", "has no SCENARIO"),
        ("import nothing_that_is_here", "cannot be imported"),
        (OWN_SCENARIO.format(name="latency"), "there is a scenario latency already"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, text: str | None, said: str) -> None:
    file = tmp_path / "none.py"
    if text is not None:
        file.write_text(text)
    with pytest.raises(UsageError, match=said):
        chosen([], [file])
