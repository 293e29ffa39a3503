"""The password of a given server is nowhere but in the folder of the trial, which goes with it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from io import StringIO
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
import pytest
import redis
from rich.console import Console

from harness.experiment.row import new_experiment, stored_options
from harness.report.export.export import export
from harness.report.page.build import build
from harness.store.database import open_database
from harness.store.vocabulary import Status
from harness.trial.cell import Arm
from harness.trial.plan import Setup
from harness.trial.steps import run_trial
from infrastructure.brokers import BrokerChoice
from infrastructure.errors import UsageError
from infrastructure.processes.folder import TrialFolder
from infrastructure.redact import CUT, keep_secrets_of
from tests.conftest import make_plan
from tests.secrets import forgotten

PASSWORD = 'p@ss"w/rd %41+é\\Z'
FORMS = (
    PASSWORD,
    quote(PASSWORD, safe=""),
    quote(PASSWORD),
    json.dumps(PASSWORD)[1:-1],
    json.dumps(PASSWORD, ensure_ascii=False)[1:-1],
)


@pytest.fixture
def url(folder: TrialFolder) -> Iterator[str]:
    """A server that wants an awkward password."""
    with forgotten():
        server = BrokerChoice("redis", "embedded").start(folder, {})
        with redis.Redis.from_url(server.url) as ours:
            ours.config_set("requirepass", PASSWORD)
        port = urlsplit(server.url).port
        address = f"redis://:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/0"
        yield address
        assert server.process is not None
        server.process.stop()


@contextmanager
def arguments_seen(found: set[str]) -> Iterator[None]:
    """Collect the arguments of every process of this machine meanwhile."""
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for process in psutil.process_iter():
                with suppress(psutil.Error):
                    found.update(process.cmdline())
            time.sleep(0.05)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        done.set()
        looking.join()


def everything_in(database: Path) -> str:
    """Every row of every table, as text."""
    with open_database(database, read_only=True) as connection:
        tables = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
        rows = [connection.execute(f"FROM {name}").fetchall() for name in tables]
    return "\n".join(str(value) for table in rows for row in table for value in row)


def test_a_password_is_in_no_row_page_file_or_list_of_processes(
    url: str,
    make_arm: Callable[..., Arm],
    make_setup: Callable[[Arm], Setup],
    database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    keep_secrets_of(url)
    arm = replace(make_arm("asynctasq"), broker=BrokerChoice("redis", "url", url))
    asked = new_experiment("compare", "tiny", 7, {"broker_url": url})
    setup = replace(make_setup(arm), experiment=asked)
    seen: set[str] = set()
    with arguments_seen(seen):
        outcome = run_trial(setup, make_plan(setup, "throughput"))
    assert outcome.status != Status.FAILED, outcome.reason
    said = StringIO()
    export(database, tmp_path / "csv", "csv", None, Console(file=said))
    build(database, tmp_path / "page", lambda _: None)
    files = [f for place in ("csv", "page") for f in (tmp_path / place).rglob("*") if f.is_file()]
    written = "\n".join(f.read_text(errors="replace") for f in files)
    everywhere = [everything_in(database), said.getvalue(), *capfd.readouterr(), written, *seen]
    for form in FORMS:
        assert not any(form in text for text in everywhere), form
    assert f"redis://:{CUT}@127.0.0.1" in everywhere[0]  # what the worker read back
    monkeypatch.delenv("BENCH_BROKER_URL", raising=False)
    with pytest.raises(UsageError, match="BENCH_BROKER_URL"):
        stored_options(database, asked.experiment_id, ["compare"], "comparison")
    monkeypatch.setenv("BENCH_BROKER_URL", url)
    _, kept = stored_options(database, asked.experiment_id, ["compare"], "comparison")
    assert kept["broker_url"] == url
