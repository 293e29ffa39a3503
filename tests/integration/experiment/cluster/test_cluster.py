"""Comparisons over machines: each in processes, a folder and with a lock of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from harness.cli.cluster import Cluster
from harness.experiment.cluster.connect import connected
from harness.experiment.cluster.machine import CELLS
from harness.experiment.cluster.parcel import VARIABLE as PLACE
from infrastructure.errors import BenchError
from infrastructure.root import ROOT
from tests.cluster.driver import CELL
from tests.cluster.site import LOOPBACK, Host, Site, may_make_namespaces, namespaces, site_of
from tests.conftest import Query, missing
from tests.waiting import until

BY_BLOCK = """
SELECT block, count(*), count(DISTINCT arm_number), count(DISTINCT machine.value)
FROM trial JOIN environment AS machine USING (trial_id)
WHERE purpose = 'measure' AND name = 'cluster_machine' GROUP BY block ORDER BY block
"""
MEASURED = "SELECT name, value FROM metric JOIN trial USING (trial_id) WHERE purpose = 'measure'"
WAIT_S, TRY_S = 60.0, 180.0


@pytest.fixture(autouse=True)
def dask() -> None:
    if find_spec("distributed") is None:
        missing("Dask, which locks/dev.txt has,")


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Site]:
    """Two machines: hosts of their own where we may make them, else two ports of one address."""
    if not may_make_namespaces():
        with site_of(tmp_path, [Host("one"), Host("two")]) as site:
            yield site
        return
    with namespaces(["one", "two"]) as hosts:
        bridge = hosts[0].address.rpartition(".")[0] + ".1"
        with site_of(tmp_path, hosts, bridge) as site:
            yield site


def at_work(site: Site, host: Host) -> bool:
    """A block is in the middle of a trial there."""
    return any(site.place(host).glob("blocks/*-block-*/results.duckdb.spool/*/sessions"))


def whole(query: Query, blocks: int) -> bool:
    """Each block once, with both arms, by one machine."""
    return query(BY_BLOCK) == [(n, 2, 2, 1) for n in range(1, blocks + 1)]


def test_a_machine_killed_in_mid_block(two: Site, database: Path, query: Query) -> None:
    """Its block is done again, whole; no row is lost, none is there twice, and what it had measured
    of the block comes back with it, or waits there for the next session.
    """
    _, victim = two.hosts
    two.start_driver(database, 2)
    assert until(lambda: at_work(two, victim), WAIT_S), two.said("driver")
    assert two.kill(victim.name)
    two.start_worker(victim)
    assert two.ended() == 0, two.said("driver")
    assert whole(query, 2)
    assert "was lost with two and is done again" in two.said("driver")
    broken = query("SELECT DISTINCT purpose FROM trial WHERE purpose <> 'measure'")
    assert broken == [("broken",)] or two.kept()  # it came back too late to be asked in this one
    two.close()
    assert two.left() == []


def test_a_session_killed_and_gone_on_with(database: Path, query: Query, tmp_path: Path) -> None:
    """Its machines end what they do, what they had is stored, and they listen where they were told
    to and nowhere else.
    """
    with site_of(tmp_path, [Host("one"), Host("two")]) as site:
        site.start_driver(database, 2)
        assert until(lambda: at_work(site, site.hosts[0]), WAIT_S), site.said("driver")
        for name, process in site.processes.items():
            listening = [
                each.laddr.ip
                for each in psutil.Process(process.pid).net_connections()
                if each.status == psutil.CONN_LISTEN
            ]
            assert set(listening) == (set() if name == "driver" else {LOOPBACK}), name
        assert site.kill("driver")
        experiment = site.experiment()
        site.start_driver(database, 2, experiment)
        assert site.ended() == 0, site.said("driver")
        assert whole(query, 2)
        assert query("SELECT count(*) > 0 FROM trial WHERE purpose = 'broken'") == [(True,)]
        site.close()
        assert site.kept() == []
        assert site.left() == []


def test_workers_of_one_machine_are_a_try_and_say_so(
    database: Path, query: Query, tmp_path: Path
) -> None:
    own = {PLACE: str(tmp_path / "blocks"), CELLS: json.dumps([[*CELL, sys.executable]])}
    done = subprocess.run(
        [sys.executable, "-m", "tests.cluster.driver", "local:2", str(database), "2"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), **own},
        capture_output=True,
        text=True,
        check=False,
        timeout=TRY_S,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "disturb each other" in done.stdout
    assert "local 1 · " in done.stdout
    assert "local 2 · " in done.stdout
    assert query("SELECT count(*) FROM trial WHERE purpose = 'measure'") == [(4,)]


def test_roles_on_the_workers_of_a_cluster(two: Site, database: Path, query: Query) -> None:
    """``bench --cluster --place``, by a name and by a resource; records come back, and nothing is
    left there.
    """
    one, other = two.hosts
    two.start_placed(database, f"broker={one.name},worker=resource:{other.name},producer=here")
    assert two.ended() in {0, 3}, two.said("driver")  # 3: a busy machine voids its timing
    found: dict[str, float] = dict(query(MEASURED))
    assert found["completed_once"] == found["issued"] > 0, two.said("driver")
    assert found["broker_cpu_per_task"] > 0
    kinds = query(
        "SELECT DISTINCT name FROM environment JOIN trial USING (trial_id) "
        "WHERE purpose = 'measure' AND name LIKE 'machine_of_%' ORDER BY name"
    )
    assert kinds == [(f"machine_of_{one.name}",), (f"machine_of_resource:{other.name}",)]
    two.close()
    assert two.kept() == []
    assert two.left() == []


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    """The files of one that is its own CA, and of its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        missing("the program openssl")
    pem, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    asked = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=bench"]
    own = ["-addext", f"subjectAltName=IP:{LOOPBACK}", "-keyout", key, "-out", pem]
    subprocess.run([str(openssl), "req", "-x509", *asked, *own], check=True, capture_output=True)
    return pem, key


def test_who_has_no_certificate_reaches_no_machine(
    certificate: tuple[str, str], tmp_path: Path
) -> None:
    pem, key = certificate
    words = ["--tls-ca-file", pem, "--tls-cert", pem, "--tls-key", key]
    with site_of(tmp_path, [Host("one")], tls=words) as site:
        assert site.scheduler.startswith("tls://")
        with connected(Cluster(site.scheduler, 0, pem, pem, key)) as client:
            client.wait_for_workers(1, timeout=WAIT_S)
            [worker] = client.scheduler_info()["workers"].values()
            assert worker["name"] == "one"
        for address in (site.scheduler, site.scheduler.replace("tls", "tcp")):
            with (
                pytest.raises(BenchError, match=f"--cluster {address}: "),
                connected(Cluster(address)),
            ):
                pass
