"""What an installed package has beside its modules."""

import tomllib
from pathlib import Path

import pytest

from harness.cli.matrix import MODELS_LOCK
from harness.report.adapters import FRAMEWORKS
from harness.report.page.findings import FINDINGS
from infrastructure.root import ROOT

BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
WHEEL = BUILD["targets"]["wheel"]
FOLDERS = set(WHEEL["only-include"]) & set(WHEEL["sources"])


@pytest.mark.parametrize("path", [ROOT / "pyproject.toml", MODELS_LOCK, FRAMEWORKS, FINDINGS])
def test_the_wheel_has_what_is_read_at_work(path: Path) -> None:
    place = str(path.relative_to(ROOT))
    rest = place.partition("/")[2]
    packed = WHEEL["force-include"] | {
        f"{name}/{rest}": f"{WHEEL['sources'][name]}/{rest}" for name in FOLDERS
    }
    assert packed[place] == f"taskqueue_bench/project/{place}"
