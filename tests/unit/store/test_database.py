"""The database: transactions, refusals, several sessions, leftovers."""

import argparse
import errno
import json
import subprocess
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harness import __main__ as main_module
from harness.experiment.bench import new_experiment
from harness.experiment.soak import progress_so_far, resumed, summarise
from harness.prove.selfbench import synthetic_row
from harness.store.database import SCHEMA_VERSION, ingest, open_database, spool_trial
from harness.store.redact import redacted
from harness.trial.leftovers import recover
from harness.trial.plan import Outcome
from infrastructure.errors import StoreError, UsageError
from infrastructure.processes.folder import CHECKPOINTS, TrialFolder, spool_of
from infrastructure.root import ROOT

Query = Callable[[str], list[tuple[Any, ...]]]
EXPERIMENT = new_experiment("bench", "tiny", 1, {})


def trial_row(trial_id: str) -> dict[str, Any]:
    return synthetic_row(EXPERIMENT["experiment_id"], trial_id, "throughput")


def finished(spool: Path, trial_id: str) -> TrialFolder:
    """A folder as a trial leaves it: failed until its rows are written, then ok."""
    row = trial_row(trial_id)
    begun = {"trial": row | {"status": "failed"}, "experiment": EXPERIMENT}
    folder = TrialFolder.create(spool, trial_id, begun)
    known = {"trial": row, "experiment": EXPERIMENT}
    metrics = [{"trial_id": trial_id, "name": "drain_rate", "value": 1.0, "unit": "tasks/s"}]
    spool_trial(folder.path, known, {"metric": metrics})
    return folder


def test_a_trial_is_stored_once_however_often_it_is_ingested(database: Path, query: Query) -> None:
    folder = finished(spool_of(database), "t1")
    assert ingest(database, folder.path)
    assert not ingest(database, folder.path)
    folder.remove()
    assert query("SELECT trial_id, status FROM trial") == [("t1", "ok")]
    assert query("SELECT count(*) FROM metric") == [(1,)]
    assert query("SELECT count(*) FROM experiment") == [(1,)]


def test_an_ingest_that_fails_leaves_nothing_of_its_trial(database: Path, query: Query) -> None:
    good, bad = finished(spool_of(database), "good"), finished(spool_of(database), "bad")
    ingest(database, good.path)
    (bad.path / "metric.parquet").write_bytes(b"not parquet")
    with pytest.raises(StoreError, match="could not be stored"):
        ingest(database, bad.path)
    assert query("SELECT trial_id FROM trial") == [("good",)]
    good.remove()
    bad.remove()


def test_leftovers_are_stored_and_owned_folders_left_alone(database: Path, query: Query) -> None:
    spool = spool_of(database)
    dead, living = finished(spool, "dead"), finished(spool, "living")
    dead.release()
    (said,) = recover(database, spool)
    assert "dead: stored" in said
    assert query("SELECT trial_id FROM trial") == [("dead",)]
    assert [p.name for p in spool.iterdir()] == ["living"]
    living.remove()


def test_a_newer_schema_is_refused_and_not_touched(database: Path) -> None:
    with open_database(database) as connection:
        connection.execute("UPDATE schema_version SET version = ?", [SCHEMA_VERSION + 1])
    before = database.read_bytes()
    with pytest.raises(StoreError, match="update the project"), open_database(database):
        pass
    assert database.read_bytes() == before


def test_an_older_schema_is_brought_up_to_date_with_what_it_holds(
    database: Path, query: Query
) -> None:
    with open_database(database) as connection:
        for table in ("change_point", "proof"):
            connection.execute(f"DROP TABLE {table}")
        for column in ("cliffs_delta", "hedges_g", "cross_check"):
            connection.execute(f"ALTER TABLE verdict DROP {column}")
        for table in ("trial", "verdict"):
            for column in ("point", "point_number"):
                connection.execute(f"ALTER TABLE {table} DROP {column}")
        connection.execute("ALTER TABLE verdict ADD COLUMN load_fraction DOUBLE")
        connection.execute("UPDATE schema_version SET version = 1")
    folder = finished(spool_of(database), "kept")
    ingest(database, folder.path)
    folder.remove()
    assert query("SELECT trial_id FROM trial") == [("kept",)]
    assert query("SELECT max(cliffs_delta) FROM verdict") == [(None,)]
    assert query("SELECT count(*) FROM proof") == [(0,)]
    assert query("SELECT version FROM schema_version") == [(SCHEMA_VERSION,)]


def test_foreign_and_damaged_files_are_refused(database: Path, tmp_path: Path) -> None:
    duckdb.connect(str(database)).execute("CREATE TABLE mine (x INTEGER)").close()
    with pytest.raises(StoreError, match="not one of ours"), open_database(database):
        pass
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(b"this is not a database" * 1000)
    with pytest.raises(StoreError, match="cannot be opened"), open_database(damaged):
        pass
    assert damaged.read_bytes().startswith(b"this is not")


def test_reading_a_missing_database_says_what_to_type(database: Path) -> None:
    with pytest.raises(StoreError, match="nox -s"), open_database(database, read_only=True):
        pass
    assert not database.exists()


WRITER = """
import sys
from pathlib import Path
from harness.store.database import ingest
database, *folders = map(Path, sys.argv[1:])
for folder in folders:
    ingest(database, folder)
"""


def test_sessions_at_once_lose_no_row(database: Path, query: Query) -> None:
    spool = spool_of(database)
    made = {name: [finished(spool, f"{name}-{n}") for n in range(8)] for name in "abc"}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(database), *(str(f.path) for f in folders)], cwd=ROOT
        )
        for folders in made.values()
    ]
    assert [w.wait(120) for w in writers] == [0, 0, 0]
    for folder in chain.from_iterable(made.values()):
        folder.remove()
    assert query("SELECT count(*), count(DISTINCT trial_id) FROM trial") == [(24, 24)]
    assert query("SELECT count(*) FROM metric") == [(24,)]


READER = """
import duckdb, sys, time
connection = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
time.sleep(1.5)
"""


def test_an_analyst_who_looks_is_waited_for(database: Path, query: Query) -> None:
    with open_database(database):
        pass
    folder = finished(spool_of(database), "t")
    argv = [sys.executable, "-c", READER, str(database)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout
        assert reader.stdout.readline() == "open\n"
        assert ingest(database, folder.path)
    folder.remove()
    assert query("SELECT trial_id FROM trial") == [("t",)]


ENDLESS = """
import sys
from itertools import count
from pathlib import Path
from infrastructure.processes.folder import spool_of
from harness.store.database import ingest
from tests.unit.store.test_database import finished
database = Path(sys.argv[1])
for n in count():
    folder = finished(spool_of(database), f"k-{n}")
    ingest(database, folder.path)
    folder.remove()
"""


def test_sigkill_while_writing_leaves_a_sound_file(database: Path, query: Query) -> None:
    import time

    writer = subprocess.Popen([sys.executable, "-c", ENDLESS, str(database)], cwd=ROOT)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not database.exists():
        time.sleep(0.02)
    time.sleep(1.0)
    writer.kill()
    writer.wait()
    recover(database, spool_of(database))
    ((trials, metrics),) = query(
        "SELECT count(*), (SELECT count(*) FROM metric) FROM trial WHERE status = 'ok'"
    )
    assert trials > 0
    assert trials == metrics  # whole trials only
    assert list(spool_of(database).iterdir()) == []


def test_a_half_spooled_trial_does_not_block_the_next_start(database: Path, query: Query) -> None:
    """The disk was full, or the harness was killed while it wrote its rows."""
    row = trial_row("half") | {"status": "failed"}
    folder = TrialFolder.create(
        spool_of(database), "half", {"trial": row, "experiment": EXPERIMENT}
    )
    (folder.path / "task_record.parquet").write_bytes(b"PAR1 and then nothing")
    folder.release()
    recover(database, spool_of(database))
    assert query("SELECT trial_id, status FROM trial") == [("half", "failed")]


def test_a_full_disk_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: list[str]) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", "/data/x.parquet")

    monkeypatch.setitem(main_module.COMMANDS, "bench", full)
    monkeypatch.setattr(sys, "argv", ["harness", "bench"])
    assert main_module.main() == 1
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "--db" in said


def test_the_trial_of_a_killed_session_is_a_failed_row(database: Path, query: Query) -> None:
    row = trial_row("t") | {"status": "failed", "reason": "the harness ended before the trial did"}
    folder = TrialFolder.create(spool_of(database), "t", {"trial": row, "experiment": EXPERIMENT})
    assert json.loads((folder.path / "trial.json").read_text())["trial"]["status"] == "failed"
    folder.release()
    recover(database, spool_of(database))
    assert query("SELECT status FROM trial") == [("failed",)]


def test_a_soak_says_its_slopes_and_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = {"backlog_slope": 9.0, "workers_pss_slope_low": -1.0, "workers_pss_slope": 2.0,
               "workers_pss_slope_high": 5.0}  # fmt: skip
    summarise(Outcome(trial_row("t") | {"status": "failed"}, metrics), "20261124-x")
    said = capsys.readouterr().out
    assert "workers_pss" in said
    assert "-1 … 5" in said
    assert "backlog" not in said
    assert "nox -s soak -- --resume 20261124-x" in said


def test_checkpoints_outlive_a_killed_harness_and_count_for_going_on(
    database: Path, query: Query
) -> None:
    for name in ("t-001", "t-002"):
        row = trial_row(name) | {"status": "failed", "position": int(name[-1])}
        known = {"trial": row, "experiment": EXPERIMENT | {"command": "soak"}}
        folder = TrialFolder.create(spool_of(database), name, known)
        for number in (1, 2, 3):
            for metric in ("completed", "workers_pss"):
                folder.checkpoint({"number": number, "at_ns": number, "name": metric,
                                   "value": 1.0, "unit": "tasks"})  # fmt: skip
        with (folder.path / CHECKPOINTS).open("a") as file:
            file.write('{"number": 4, "at_')  # killed in the middle of a line
        folder.release()
    recover(database, spool_of(database))
    kept = "SELECT trial_id, max(number), count(*) FROM checkpoint GROUP BY ALL ORDER BY 1"
    assert query(kept) == [("t-001", 3, 6), ("t-002", 3, 6)]
    asked = argparse.Namespace(db=database, resume=EXPERIMENT["experiment_id"])
    assert progress_so_far(asked) == (6, 2)
    assert resumed(asked).resume == EXPERIMENT["experiment_id"]
    with pytest.raises(UsageError, match="is not in"):
        resumed(argparse.Namespace(db=database, resume="another"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("redis://user:secret@host:1/0", "redis://user:***@host:1/0"),
        ('{"url": "redis://:pa:ss@h/0"}', '{"url": "redis://:***@h/0"}'),
        ("redis://h/0?password=x&db=1", "redis://h/0?password=***&db=1"),
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
    ],
)
def test_passwords_are_not_stored(text: str, kept: str) -> None:
    assert redacted(text) == kept
