"""The files that Prometheus and Grafana start with."""

import json
from collections.abc import Iterator

from infrastructure.dashboards.documents import DATASOURCE, dashboard_document
from infrastructure.dashboards.pages import DASHBOARDS
from infrastructure.dashboards.panels import JOB

METRICS_PORT = 9876  # of the examples: nox -s … -- --metrics-port 9876
PROMETHEUS_PORT = 9090
SCRAPE_S = 1
IN_CONTAINER = "/etc/grafana/dashboards"  # where the compose file mounts the dashboards


PROMETHEUS = f"""\
# Scrapes a bench that was started with --metrics-port {METRICS_PORT}, while it runs.
global:
  scrape_interval: {SCRAPE_S}s
  scrape_timeout: {SCRAPE_S}s

scrape_configs:
  - job_name: {JOB}
    static_configs:
      - targets: ["127.0.0.1:{METRICS_PORT}"]
"""

DATASOURCES = f"""\
apiVersion: 1
datasources:
  - name: Bench
    uid: {DATASOURCE["uid"]}
    type: {DATASOURCE["type"]}
    access: proxy
    url: http://127.0.0.1:{PROMETHEUS_PORT}
    isDefault: true
    editable: false
    jsonData:
      timeInterval: {SCRAPE_S}s
"""

PROVIDER = f"""\
apiVersion: 1
providers:
  - name: bench
    type: file
    disableDeletion: true
    allowUiUpdates: false
    options:
      path: {IN_CONTAINER}
"""

HEAD = "# Written by: python -m infrastructure.dashboards\n"


def written() -> Iterator[tuple[str, str]]:
    """Every file below this folder, and what is in it."""
    yield "prometheus/prometheus.yml", HEAD + PROMETHEUS
    yield "grafana/provisioning/datasources/prometheus.yaml", HEAD + DATASOURCES
    yield "grafana/provisioning/dashboards/bench.yaml", HEAD + PROVIDER
    for dashboard in DASHBOARDS:
        name = dashboard.uid.removeprefix("bench-")
        text = json.dumps(dashboard_document(dashboard), indent=1, ensure_ascii=False)
        yield f"grafana/dashboards/{name}.json", f"{text}\n"
