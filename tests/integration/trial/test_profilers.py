"""Passes under py-spy and memray."""

from dataclasses import replace
from pathlib import Path

from tests.conftest import TINY, Query
from tests.integration.trials import MakeArm, Trial


def test_profiler_passes_leave_files_and_rows(
    make_arm: MakeArm, trial: Trial, query: Query
) -> None:
    outcome = trial(make_arm("asynctasq"), "throughput", "memray")
    assert outcome.status == "ok", outcome.reason
    ((status, peak, files),) = query(
        "SELECT status, max(peak_bytes), max(files) FROM profile GROUP BY status"
    )
    assert status == "ok"
    assert peak > 1_000_000
    assert "memray-" in files
    assert query("SELECT unit, count(*) > 10 FROM stack GROUP BY unit") == [("bytes", True)]
    assert query("SELECT count(*) > 3 FROM allocation") == [(True,)]


def test_py_spy_pass_leaves_stacks_or_says_why(
    make_arm: MakeArm, trial: Trial, query: Query, tmp_path: Path
) -> None:
    trial(make_arm("celery"), "throughput", "py-spy", size=replace(TINY, tasks=3000))
    ((status, reason),) = query("SELECT DISTINCT status, reason FROM profile")
    if status == "ok":
        assert query("SELECT sum(value) > 5 FROM stack WHERE unit = 'samples'") == [(True,)]
        assert list(tmp_path.glob("profiles/*/py-spy.svg"))
    else:
        assert "ptrace_scope" in reason
