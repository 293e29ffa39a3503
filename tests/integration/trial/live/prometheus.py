"""A real Prometheus, and how Grafana asks it."""

import json
import math
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from infrastructure.dashboards.configuration import METRICS_PORT, PROMETHEUS
from infrastructure.dashboards.documents import dashboard_document
from infrastructure.dashboards.pages import DASHBOARDS
from infrastructure.dashboards.panels import JOB
from infrastructure.servers import free_port
from tests.conftest import missing
from tests.unit.trial.live.test_server import get

DOCUMENTS = [dashboard_document(d) for d in DASHBOARDS]


def prometheus_tool(name: str) -> str:
    found = shutil.which(name)
    if not found:
        missing("prometheus")
    return found or ""


class Prometheus:
    """A private server that scrapes a port by the configuration of the repository."""

    def __init__(self, folder: Path, metrics_port: int) -> None:
        folder.mkdir()
        configuration = PROMETHEUS.replace(str(METRICS_PORT), str(metrics_port))
        (folder / "prometheus.yml").write_text(configuration)
        self.address = f"127.0.0.1:{free_port()}"
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    prometheus_tool("prometheus"),
                    "--config.file",
                    str(folder / "prometheus.yml"),
                    "--storage.tsdb.path",
                    str(folder / "data"),
                    "--web.listen-address",
                    self.address,
                    "--log.level",
                    "error",
                ],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def ask(self, what: str, **parameters: Any) -> Any:
        words = {name.replace("match", "match[]"): value for name, value in parameters.items()}
        query = urllib.parse.urlencode(words)
        try:
            answer = json.loads(get(f"http://{self.address}/api/v1/{what}?{query}"))
        except urllib.error.HTTPError as error:
            if error.code == HTTPStatus.SERVICE_UNAVAILABLE:  # it is not ready yet
                raise
            pytest.fail(f"{parameters}: {error.read().decode()}")
        return answer["data"]

    def wait_scraping(self) -> None:
        """It takes five seconds from its start to its first scrape."""
        deadline = time.monotonic() + 30
        while not self.has_scraped():
            assert self.process.poll() is None, f"Prometheus ended at once: {self.log.read_text()}"
            assert time.monotonic() < deadline, f"no scrape within 30 s: {self.log.read_text()}"
            time.sleep(0.1)

    def wait_for(self, query: str, wanted: dict[str, float]) -> None:
        """Until the query's values by framework are these."""
        deadline = time.monotonic() + 30
        while (found := by_framework(self.ask("query", query=query)["result"])) != wanted:
            assert time.monotonic() < deadline, f"{query}: {found}, expected {wanted}"
            time.sleep(0.1)

    def has_scraped(self) -> bool:
        try:
            found = self.ask("query", query=f'up{{job="{JOB}"}} == 1')["result"]
        except (urllib.error.URLError, ConnectionError):
            return False
        return bool(found)


@contextmanager
def scraping(folder: Path, metrics_port: int) -> Iterator[Prometheus]:
    prometheus = Prometheus(folder, metrics_port)
    try:
        prometheus.wait_scraping()
        yield prometheus
    finally:
        prometheus.process.terminate()
        prometheus.process.wait(30)


def expanded(query: str, variables: dict[str, str]) -> str:
    """A panel's query as Grafana sends it: its variables are replaced."""
    for name, value in variables.items():
        query = query.replace(f"${name}", value)
    assert "$" not in query
    return query


def values_of(prometheus: Prometheus, variable: dict[str, Any]) -> str:
    """All values of a dashboard's variable, asked for and joined as Grafana does."""
    asked = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"])
    assert asked
    values = prometheus.ask(f"label/{asked[2]}/values", match=asked[1])
    assert values, variable["query"]
    return "|".join(re.sub(r"[\\^$.*+?()\[\]{}|]", r"\\\\\g<0>", value) for value in values)


def by_framework(result: Any) -> dict[str, float]:
    """The value of each series, by the framework that its arm begins with."""
    found = {s["metric"]["arm"].split()[0]: float(s["value"][1]) for s in result}
    assert len(found) == len(result), result
    return found


def has_data(result: Any) -> bool:
    return any(math.isfinite(float(v)) for series in result for _, v in series["values"])


def panels(prometheus: Prometheus, span_s: float) -> Iterator[tuple[str, str, str]]:
    """Dashboard, title and query of every panel, as Grafana asks."""
    for document in DOCUMENTS:
        variables = {"__rate_interval": "4s", "__range": f"{round(span_s)}s"}
        for variable in document["templating"]["list"]:
            variables[variable["name"]] = values_of(prometheus, variable)
        for panel in document["panels"]:
            for target in panel["targets"]:
                yield document["title"], panel["title"], expanded(target["expr"], variables)
