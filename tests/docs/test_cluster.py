"""The programs of docs/cluster.md, run with stand-ins for the packages that they import: Dask has
the commands and options that they name, and whoever reads what is sent finds the harness.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest

from infrastructure.root import ROOT
from tests.conftest import missing

PAGE = (ROOT / "docs" / "cluster.md").read_text()
KUBERNETES, SLURM = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


class Cluster:
    """What was asked of ``KubeCluster`` or ``SLURMCluster``."""

    scheduler_address = "tcp://10.0.0.1:8786"
    asked: Mapping[str, Any]

    def __init__(self, **words: Any) -> None:
        type(self).asked = words

    def scale(self, jobs: int) -> None:
        assert jobs > 0


def make_cluster_spec(name: str, *, image: str, n_workers: int, env: Mapping[str, str]) -> Any:
    """As dask-kubernetes 2026.3.0 does, as far as the program reads it."""
    listed = [{"name": key, "value": value} for key, value in env.items()]

    def pod(*args: str) -> dict[str, Any]:
        return {"spec": {"containers": [{"image": image, "args": list(args), "env": listed}]}}

    roles = {"scheduler": pod("dask-scheduler", "--host", "0.0.0.0"), "worker": pod("dask-worker")}
    return {"metadata": {"name": name}, "spec": roles, "replicas": n_workers}


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if find_spec("distributed") is None:
        missing("Dask, which locks/dev.txt has,")
    operator, jobqueue = ModuleType("dask_kubernetes.operator"), ModuleType("dask_jobqueue")
    vars(operator).update(KubeCluster=Cluster, make_cluster_spec=make_cluster_spec)
    vars(jobqueue).update(SLURMCluster=Cluster)
    monkeypatch.setitem(sys.modules, "dask_kubernetes", ModuleType("dask_kubernetes"))
    monkeypatch.setitem(sys.modules, operator.__name__, operator)
    monkeypatch.setitem(sys.modules, jobqueue.__name__, jobqueue)
    yield
    Cluster.asked = {}


def taken(command: str, words: Sequence[str]) -> Mapping[str, Any]:
    """What ``dask COMMAND`` reads of these words; click refuses what it does not know."""
    from importlib import import_module

    main = import_module(f"distributed.cli.dask_{command}").main
    context = main.make_context(command, list(words))
    found: Mapping[str, Any] = context.params
    return found


def quiet(options: Mapping[str, Any]) -> bool:
    """One block at a time, no process that kills it, and a page that only this machine sees."""
    return (
        options["nthreads"] == 1
        and options["nanny"] is False
        and options["memory_limit"] == "0"
        and options["dashboard"] is False
        and options["dashboard_address"] == "127.0.0.1:0"
    )


def test_pods_start_what_dask_has() -> None:
    exec(KUBERNETES, {})
    roles = Cluster.asked["custom_cluster_spec"]["spec"]
    [scheduler], [worker] = (roles[r]["spec"]["containers"] for r in ("scheduler", "worker"))
    for container in (scheduler, worker):
        assert {"name": "PYTHONPATH", "value": "/taskqueue-bench"} in container["env"]
        assert container["args"][0] == "dask"
    assert scheduler["args"][1] == "scheduler"
    assert taken("scheduler", scheduler["args"][2:])["host"] == "0.0.0.0"
    assert worker["args"][1] == "worker"
    assert quiet(taken("worker", worker["args"][2:]))
    assert worker["resources"]["requests"] == worker["resources"]["limits"]


def test_jobs_start_what_dask_has() -> None:
    exec(SLURM, {})
    asked = Cluster.asked
    own = ["--nthreads", str(asked["cores"]), *["--no-nanny"] * (not asked["nanny"])]
    assert quiet(taken("worker", ["tcp://10.0.0.1:8786", *own, *asked["worker_extra_args"]]))
    assert (
        f"export PYTHONPATH={asked['python'].partition('/.nox/')[0]}"
        in (asked["job_script_prologue"])
    )
