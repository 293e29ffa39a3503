"""What storing, reporting and exporting a million records cost."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness.experiment.row import new_experiment
from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.prove.selfbench.session import SelfbenchSession
from harness.prove.selfbench.storing import store_trial
from harness.prove.selfbench.synthetic import (
    synthetic_records,
    synthetic_row,
    synthetic_samples,
)
from harness.scenario.point import QUICK, Point
from harness.trial.records import record_table
from harness.trial.rows import metric_rows
from infrastructure.root import ROOT

SCENARIO, POINT = "latency", Point(QUICK, fraction=0.5, capacity=2_000.0)


def ingest_and_report(session: SelfbenchSession) -> None:
    """A synthetic trial: arrays to committed rows, then the page, then files."""
    with tempfile.TemporaryDirectory(prefix="selfbench-") as name:
        folder = Path(name)
        database = folder / "results.duckdb"
        records = synthetic_records(session.sizes.records, session.seed)
        begin = time.perf_counter()
        store_synthetic(database, session.seed, records)
        took = time.perf_counter() - begin
        session.add("ingest_rate", session.sizes.records / took, "records/s")
        report(session, database, folder / "report")
        export(session, database, folder / "export")


def store_synthetic(database: Path, seed: int, records: Records) -> None:
    experiment = new_experiment("bench", QUICK.name, seed, {})
    trial_id = f"{experiment.experiment_id}-001"
    row = synthetic_row(experiment.experiment_id, trial_id, SCENARIO)
    row |= {
        "point": POINT.label,
        "load_fraction": POINT.fraction,
        "capacity": POINT.capacity,
    }
    tables = {
        "task_record": record_table(trial_id, records),
        "metric": metric_rows(trial_id, [Metric("sojourn_p50", 1.0, "ms")]),
        **synthetic_samples(trial_id, int(records.runs["end"].max())),
    }
    store_trial(database, experiment, row, tables)


def report(session: SelfbenchSession, database: Path, out: Path) -> None:
    begin = time.perf_counter()
    memory = peak_of("report", database, out)
    session.add("report_time", time.perf_counter() - begin, "s")
    session.add("report_memory", memory, "bytes")
    size = (out / "index.html").stat().st_size
    session.add("report_size", size, "bytes")


def export(session: SelfbenchSession, database: Path, out: Path) -> None:
    """As CSV files."""
    begin = time.perf_counter()
    memory = peak_of("export", database, out)
    session.add("export_time", time.perf_counter() - begin, "s")
    session.add("export_memory", memory, "bytes")


def peak_of(session: str, database: Path, out: Path) -> int:
    """Peak resident memory in bytes of a session that writes ``out``, in a process of its own.

    Raises RuntimeError when it fails.
    """
    argv = [sys.executable, "-m", "harness", session, "--db", str(database), "--out", str(out)]
    process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the {session} over {database} failed with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return int(used.ru_maxrss * unit)
