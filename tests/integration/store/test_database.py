"""Several sessions at one database, and one that is killed while it writes."""

import subprocess
import sys
from itertools import chain
from pathlib import Path

from harness.store.database import open_database
from harness.store.ingest import ingest
from harness.trial.leftovers import recover
from infrastructure.processes.folder import spool_of
from infrastructure.root import ROOT
from tests.conftest import Query
from tests.rows import finished

WRITER = """
import sys
from pathlib import Path
from harness.store.ingest import ingest
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
from harness.store.ingest import ingest
from tests.rows import finished
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
