"""The memory of an export, seen from outside."""

from pathlib import Path

import pytest

from harness.prove.selfbench.database import peak_of
from tests.made.exports import fill_export
from tests.made.rows import filling


def test_selfbench_sees_the_memory_of_an_export_and_its_failure(
    database: Path, tmp_path: Path
) -> None:
    with filling(database) as rows:
        fill_export(rows)
    assert peak_of("export", database, tmp_path / "out") > 10_000_000
    assert (tmp_path / "out" / "analysis_report.json").exists()
    with pytest.raises(RuntimeError, match=r"the export over .*none\.duckdb failed with"):
        peak_of("export", tmp_path / "none.duckdb", tmp_path / "out")
