"""One round: a session is struck once, a later one cleans up, and what is missing is counted."""

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.store.database import open_database
from infrastructure.errors import BenchError
from infrastructure.processes.lifeline import LIFELINE
from infrastructure.root import ROOT
from tests.conftest import at_work_below
from tests.faults.blows import BLOWS, FILLER, TAME, clock_put_right, mount, unmount
from tests.faults.session import SMALL, TRIALS
from tests.faults.spool import Seen
from tests.faults.target import Target
from tests.rounds import Struck
from tests.waiting import until

TRIAL_S = 2.0  # roughly, from its folder to its row
ENDS_S = 120.0  # a session that was struck and is still there hangs
CLEANS_S = 30.0  # for the guard, or the lifeline, to end what is left
STORED = """
SELECT t.trial_id, t.status, count(DISTINCT r.seq)
FROM trial t LEFT JOIN task_record r USING (trial_id) GROUP BY ALL
"""
CLEAN_UP = """
import sys
from pathlib import Path
from harness.experiment.cleanup import guarded
with guarded(Path(sys.argv[1])):
    pass
"""


# Lost rows: those of trials and of tasks that are missing.
WRONG = ("lost rows", "orphans", "unopened", "hangs", "left over")


@dataclass
class Found(Struck):
    """The blow falls ``after_s`` from when trial ``trial`` began, 0: from when the session had its
    spool, without which it never ``began`` and nothing could be struck.
    """

    trial: int = 0
    began: bool = False


def play(seed: int, number: int, executable: str, only: str = "") -> Found:
    """Carry a round out; its fault and moment follow from the seed and its number."""
    rng = random.Random(f"{seed}-{number}")
    fault = only or TAME[number % len(TAME)]
    trial = rng.randint(0, TRIALS)
    found = Found(fault, rng.uniform(0, TRIAL_S), trial=trial)
    with place(disk=fault == "disk full") as folder, clock_put_right():
        database = folder / "results.duckdb"
        seen = Seen(database)
        struck(found, seen, database, executable)
        clean_up(found, seen, database)
    return found


@contextmanager
def place(*, disk: bool) -> Iterator[Path]:
    """A folder of the round's own, on a file system of its own where that is to be filled."""
    with tempfile.TemporaryDirectory(prefix="bench-faults-") as name:
        folder = Path(name) / "disk"
        folder.mkdir()
        mounted = disk and mount(folder)
        try:
            yield folder
        finally:
            if mounted:
                unmount(folder)


def struck(found: Found, seen: Seen, database: Path, executable: str) -> None:
    """Run a session, strike at the moment or as soon afterwards as the target is there."""
    words = [sys.executable, "-m", "tests.faults.session", str(database), executable]
    log = (database.parent.parent / "log").open("w+")
    readers = LIFELINE.readers([signal.SIGKILL])
    process = subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=readers,
    )
    LIFELINE.tie(readers, [signal.SIGKILL], process.pid)  # should the campaign be killed
    target = Target(process.pid, database)
    deadline = time.monotonic() + ENDS_S
    begun: list[float] = []  # the session and its trials
    while process.poll() is None and time.monotonic() < deadline:
        seen.look()
        found.began = seen.spool.is_dir()
        begun += [time.monotonic()] * (found.began + len(seen.trials) - len(begun))
        reached = len(begun) > found.trial
        if not found.hit and reached and time.monotonic() >= begun[found.trial] + found.after_s:
            found.hit = BLOWS[found.target](target)
        time.sleep(0.01)
    if process.poll() is None:
        found.wrong["hangs"] += 1
        process.kill()
        process.wait()
    log.seek(0)
    found.said += log.read().splitlines()[-5:]
    log.close()


def clean_up(found: Found, seen: Seen, database: Path) -> None:
    """What ends by itself, then what the next start stores and removes."""
    folder = database.parent
    until(lambda: not at_work_below(folder), CLEANS_S)
    left = at_work_below(folder)
    found.wrong["orphans"] += len(left)
    found.said += [f"orphan: {process}" for process in left]
    for process in left:
        process.kill()
    (folder / FILLER).unlink(missing_ok=True)
    seen.look()
    seen.count_records()
    try:
        done = subprocess.run(
            [sys.executable, "-c", CLEAN_UP, str(database)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=ENDS_S,
        )
        found.said += (done.stdout + done.stderr).splitlines()[-5:]
    except subprocess.TimeoutExpired:
        found.wrong["hangs"] += 1
    found.wrong["left over"] += len(seen.left())
    found.said += [f"left in the spool: {name}" for name in seen.left()]
    found.wrong["orphans"] += len(at_work_below(folder))
    count_rows(found, seen, database)


def count_rows(found: Found, seen: Seen, database: Path) -> None:
    """Every trial that was there has its row, and every task that was sent too."""
    try:
        with open_database(database, read_only=bool(seen.trials)) as connection:
            rows = connection.execute(STORED).fetchall()
    except (BenchError, OSError) as error:
        found.wrong["unopened"] += 1
        found.said.append(str(error))
        return
    stored = {trial_id: (status, tasks) for trial_id, status, tasks in rows}
    for trial_id, sent in seen.trials.items():
        status, tasks = stored.get(trial_id, ("missing", 0))
        wanted = SMALL.tasks if status == "ok" else sent
        missing = (status == "missing") + max(0, wanted - tasks)
        found.wrong["lost rows"] += missing
        if missing:
            found.said.append(f"{trial_id} is {status}: {tasks} of {wanted} tasks have rows")
