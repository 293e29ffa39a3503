"""The configuration of Prometheus and Grafana, as code: ``python -m infrastructure.dashboards``.

Writes ``prometheus/`` and ``grafana/`` beside this file; a test holds the files to what it writes.
Everything is on the loopback interface, where a bench serves its metrics (``--metrics-port``): in
containers too, so both take the host's network.

Plain dictionaries in Grafana's own terms, since a panel has few fields; a test reads them back with
Grafana's types.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

METRICS_PORT = 9876  # of the examples: nox -s … -- --metrics-port 9876
PROMETHEUS_PORT = 9090
SCRAPE_S = 1
JOB = "bench"
DATASOURCE = {"type": "prometheus", "uid": "bench-prometheus"}
SCHEMA_VERSION = 39  # Grafana 11; later ones migrate it when they load it
WIDTH, HEIGHT = 12, 8  # of a panel, in a grid 24 wide
IN_CONTAINER = "/etc/grafana/dashboards"  # where the compose file mounts the dashboards

Document = dict[str, Any]


@dataclass(frozen=True)
class Panel:
    """A panel: queries by legend, in Grafana's ``unit``; ``description`` says what to read off.

    ``kind``: Grafana's type of panel. ``instant``: the state now instead of its course.
    """

    title: str
    description: str
    unit: str
    queries: Mapping[str, str]
    kind: str = "timeseries"
    instant: bool = False


@dataclass(frozen=True)
class Dashboard:
    """A page of Grafana. ``arms``: a regular expression of the arms that one can choose from."""

    uid: str
    title: str
    description: str
    panels: Sequence[Panel]
    arms: str = ".+"


def only(*more: str) -> str:
    """A selector of what the page's variables choose."""
    return "{" + ", ".join(['arm=~"$arm"', 'scenario=~"$scenario"', *more]) + "}"


def rate(metric: str, *more: str, by: str = "arm, scenario") -> str:
    return f"sum by ({by}) (rate({metric}{only(*more)}[$__rate_interval]))"


def latency(quantile: float, by: str = "arm, scenario") -> str:
    return (
        f"histogram_quantile({quantile:g}, {rate('bench_sojourn_seconds_bucket', by=f'le, {by}')})"
    )


def cost(by: str = "arm, scenario") -> str:
    """Worker CPU seconds a task; no value while nothing is completed."""
    done = rate("bench_tasks_total", 'state="completed"', by=by)
    return f"{rate('bench_cpu_seconds_total', 'role="workers"', by=by)} / ({done} > 0)"


def over_range(metric: str, *more: str) -> str:
    return f"sum by (arm) (increase({metric}{only(*more)}[$__range]))"


COMPLETED = Panel(
    "Tasks completed", "Attempts that succeeded, of all phases: warm-up and readiness too.", "ops",
    {"{{arm}}, {{scenario}}": rate("bench_tasks_total", 'state="completed"')},
)  # fmt: skip
SENT = Panel(
    "Tasks sent", "Sends that returned, of all phases. A backlog is sent before it is drained.",
    "ops", {"{{arm}}, {{scenario}}": rate("bench_tasks_total", 'state="sent"')},
)  # fmt: skip
FAILED = Panel(
    "Attempts that failed",
    "Attempts that raised. Zero in most scenarios: pipeline and scheduling fail on purpose.", "ops",
    {"{{arm}}, {{scenario}}": rate("bench_tasks_total", 'state="failed"')},
)  # fmt: skip
SOJOURN = Panel(
    "Sojourn time",
    "From when a task of the load was meant to be sent until it had succeeded, estimated within "
    "buckets. In a backlog it is mostly waiting for the gate to open.", "s",
    {f"p{100 * q:g} {{{{arm}}}}, {{{{scenario}}}}": latency(q) for q in (0.5, 0.95, 0.99)},
)  # fmt: skip
DEPTH = Panel(
    "Tasks at the broker",
    "Waiting (pending), reserved by workers (in_flight), waiting for their time (delayed).",
    "short",
    {"{{state}} {{arm}}, {{scenario}}": f"bench_queue_depth{only()}"},
)  # fmt: skip
COST = Panel(
    "Worker CPU a task",
    "CPU seconds of all worker processes by completed task, idle share and start included: the "
    "report's figure leaves them out.", "s",
    {"{{arm}}, {{scenario}}": cost()},
)  # fmt: skip
CPU = Panel(
    "CPU by role", "Cores in use: CPU seconds a second of each role's processes.", "short",
    {"{{role}} {{arm}}, {{scenario}}": rate("bench_cpu_seconds_total", by="role, arm, scenario")},
)  # fmt: skip
MEMORY = Panel(
    "Memory by role",
    "Proportional set size: a page that n of the processes share counts as 1/n in each.", "bytes",
    {"{{role}} {{arm}}, {{scenario}}": f"bench_pss_bytes{only()}"},
)  # fmt: skip
TRIALS = Panel(
    "Trials", "Stored since the session began, by status.", "none",
    {"{{status}} {{arm}}": f"sum by (arm, status) (bench_trials_total{only()})"}, "stat", True,
)  # fmt: skip
TRIAL = Panel(
    "Trial in progress", "Empty between trials.", "none",
    {"{{trial}}": f"bench_trial_info{only()}"}, "table", True,
)  # fmt: skip
PROGRESS = Panel(
    "Progress of the trial", "Of its expected time, by the pace of those before.", "percentunit",
    {"{{arm}}, {{scenario}}": f"bench_trial_progress_ratio{only()}"},
)  # fmt: skip
LEFT = Panel(
    "Time left", "Until the session's plan is carried out, by its pace so far.", "s",
    {"time left": "bench_time_left_seconds"},
)  # fmt: skip
PROCESSES = Panel(
    "Processes by role", "Forked children included.", "none",
    {"{{role}} {{arm}}, {{scenario}}": f"bench_processes{only()}"},
)  # fmt: skip
HARNESS = (
    Panel(
        "CPU of the harness",
        "Cores that the harness's own process uses: driving, sampling, storing, answering scrapes.",
        "short", {"harness": f'rate(process_cpu_seconds_total{{job="{JOB}"}}[$__rate_interval])'},
    ),
    Panel(
        "Memory of the harness", "Resident set of the harness's own process.", "bytes",
        {"harness": f'process_resident_memory_bytes{{job="{JOB}"}}'},
    ),
    Panel(
        "Scrapes", "How long Prometheus waited for an answer.", "s",
        {"scrape": f'scrape_duration_seconds{{job="{JOB}"}}'},
    ),
    Panel(
        "Session", "1 while a session with --metrics-port runs, 0 when there is none.", "none",
        {"up": f'up{{job="{JOB}"}}'},
    ),
)  # fmt: skip
COMPARED = (
    Panel(
        "Tasks completed", "Arms side by side. Trials are interleaved, so lines take turns.", "ops",
        {"{{arm}}": rate("bench_tasks_total", 'state="completed"', by="arm")},
    ),
    Panel(
        "Sojourn time, p50", "Half of the load's tasks took less.", "s",
        {"{{arm}}": latency(0.5, "arm")},
    ),
    Panel(
        "Sojourn time, p99", "One in a hundred of the load's tasks took more.", "s",
        {"{{arm}}": latency(0.99, "arm")},
    ),
    Panel("Worker CPU a task", COST.description, "s", {"{{arm}}": cost("arm")}),
    Panel(
        "Worker CPU a task, whole range",
        "The same over the time shown: one figure an arm, for looking. Verdicts are compare's.",
        "s",
        {
            "{{arm}}": f"{over_range('bench_cpu_seconds_total', 'role="workers"')} / "
            f"({over_range('bench_tasks_total', 'state="completed"')} > 0)"
        },
        "bargauge", True,
    ),
    Panel(
        "Tasks completed, whole range", "How much of each arm is in the time shown.", "short",
        {"{{arm}}": over_range("bench_tasks_total", 'state="completed"')}, "bargauge", True,
    ),
    Panel(
        "Memory of the workers", MEMORY.description, "bytes",
        {"{{arm}}": f"sum by (arm) (bench_pss_bytes{only('role="workers"')})"},
    ),
    Panel(
        "Tasks at the broker", "All of them, whatever their state.", "short",
        {"{{arm}}": f"sum by (arm) (bench_queue_depth{only()})"},
    ),
    TRIALS,
)  # fmt: skip

OF_A_FRAMEWORK = (
    COMPLETED, SENT, SOJOURN, DEPTH, COST, CPU, MEMORY, FAILED, TRIALS, TRIAL,
)  # fmt: skip
LIVE = "Live figures are for looking; nox -s report shows what was stored."
DASHBOARDS = (
    Dashboard("bench-asynctasq", "AsyncTasQ", LIVE, OF_A_FRAMEWORK, "asynctasq .+"),
    Dashboard("bench-celery", "Celery", LIVE, OF_A_FRAMEWORK, "celery .+"),
    Dashboard(
        "bench-system", "System", "What producers, workers, broker and harness take.",
        (CPU, MEMORY, PROCESSES, PROGRESS, LEFT, *HARNESS),
    ),
    Dashboard("bench-comparison", "Comparison", LIVE, COMPARED),
)  # fmt: skip


def panel_document(panel: Panel, number: int) -> Document:
    targets = [
        {
            "refId": chr(ord("A") + index), "datasource": DATASOURCE, "expr": query,
            "legendFormat": legend, "instant": panel.instant, "range": not panel.instant,
            **({"format": "table"} if panel.kind == "table" else {}),
        }
        for index, (legend, query) in enumerate(panel.queries.items())
    ]  # fmt: skip
    place = number - 1
    return {
        "id": number, "type": panel.kind, "title": panel.title, "description": panel.description,
        "datasource": DATASOURCE, "targets": targets,
        "gridPos": {
            "x": place % 2 * WIDTH, "y": place // 2 * HEIGHT, "w": WIDTH, "h": HEIGHT,
        },
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
    }  # fmt: skip


def variable(name: str, query: str) -> Document:
    """A list to choose from, all of it at first."""
    return {
        "name": name, "label": name, "type": "query", "datasource": DATASOURCE,
        "query": {"query": query, "refId": name}, "refresh": 2, "sort": 1,
        "multi": True, "includeAll": True, "current": {"text": "All", "value": "$__all"},
    }  # fmt: skip


def dashboard_document(dashboard: Dashboard) -> Document:
    every = f'bench_trials_total{{arm=~"{dashboard.arms}"}}'
    return {
        "uid": dashboard.uid, "title": dashboard.title, "description": dashboard.description,
        "tags": ["taskqueue-bench"], "schemaVersion": SCHEMA_VERSION, "editable": False,
        "timezone": "browser", "time": {"from": "now-15m", "to": "now"}, "refresh": "5s",
        "templating": {
            "list": [
                variable("arm", f"label_values({every}, arm)"),
                variable("scenario", f"label_values({every}, scenario)"),
            ]
        },
        "panels": [panel_document(p, n) for n, p in enumerate(dashboard.panels, 1)],
    }  # fmt: skip


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


def main() -> None:
    for name, text in written():
        path = Path(__file__).parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(path)


if __name__ == "__main__":
    main()
