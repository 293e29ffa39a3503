"""The panels: what each shows, and what to read off."""

from collections.abc import Mapping
from dataclasses import dataclass

from infrastructure.dashboards.queries import cost, latency, only, over_range, rate

JOB = "bench"


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


def tasks(title: str, description: str, state: str) -> Panel:
    """How many a second come to that state."""
    counted = rate("bench_tasks_total", f'state="{state}"')
    return Panel(title, description, "ops", {"{{arm}}, {{scenario}}": counted})


COMPLETED = tasks(
    "Tasks completed",
    "Attempts that succeeded, of all phases: warm-up and readiness too.",
    "completed",
)
SENT = tasks(
    "Tasks sent",
    "Sends that returned, of all phases. A backlog is sent before it is drained.",
    "sent",
)
FAILED = tasks(
    "Attempts that failed",
    "Attempts that raised. Zero in most scenarios: pipeline and scheduling fail on purpose.",
    "failed",
)
SOJOURN = Panel(
    "Sojourn time",
    "From when a task of the load was meant to be sent until it had succeeded, estimated within "
    "buckets. In a backlog it is mostly waiting for the gate to open.",
    "s",
    {f"p{100 * q:g} {{{{arm}}}}, {{{{scenario}}}}": latency(q) for q in (0.5, 0.95, 0.99)},
)
DEPTH = Panel(
    "Tasks at the broker",
    "Waiting (pending), reserved by workers (in_flight), waiting for their time (delayed).",
    "short",
    {"{{state}} {{arm}}, {{scenario}}": f"bench_queue_depth{only()}"},
)
COST = Panel(
    "Worker CPU per task",
    "CPU seconds of all worker processes by completed task, idle share and start included: the "
    "report's figure leaves them out.",
    "s",
    {"{{arm}}, {{scenario}}": cost()},
)
CPU = Panel(
    "CPU by role",
    "Cores in use: CPU seconds a second of each role's processes.",
    "short",
    {"{{role}} {{arm}}, {{scenario}}": rate("bench_cpu_seconds_total", by="role, arm, scenario")},
)
MEMORY = Panel(
    "Memory by role",
    "Proportional set size: a page that n of the processes share counts as 1/n in each.",
    "bytes",
    {"{{role}} {{arm}}, {{scenario}}": f"bench_pss_bytes{only()}"},
)
TRIALS = Panel(
    "Trials",
    "Stored since the session began, by status.",
    "none",
    {"{{status}} {{arm}}": f"sum by (arm, status) (bench_trials_total{only()})"},
    "stat",
    True,
)
TRIAL = Panel(
    "Trial in progress",
    "Empty between trials.",
    "none",
    {"{{trial}}": f"bench_trial_info{only()}"},
    "table",
    True,
)
PROGRESS = Panel(
    "Progress of the trial",
    "Of its expected time, by the pace of those before.",
    "percentunit",
    {"{{arm}}, {{scenario}}": f"bench_trial_progress_ratio{only()}"},
)
LEFT = Panel(
    "Time left",
    "Until the session's plan is carried out, by its pace so far.",
    "s",
    {"time left": "bench_time_left_seconds"},
)
PROCESSES = Panel(
    "Processes by role",
    "Forked children included.",
    "none",
    {"{{role}} {{arm}}, {{scenario}}": f"bench_processes{only()}"},
)
HARNESS = (
    Panel(
        "CPU of the harness",
        "Cores that the harness's own process uses: driving, sampling, storing, answering scrapes.",
        "short",
        {"harness": f'rate(process_cpu_seconds_total{{job="{JOB}"}}[$__rate_interval])'},
    ),
    Panel(
        "Memory of the harness",
        "Resident set of the harness's own process.",
        "bytes",
        {"harness": f'process_resident_memory_bytes{{job="{JOB}"}}'},
    ),
    Panel(
        "Scrapes",
        "How long Prometheus waited for an answer.",
        "s",
        {"scrape": f'scrape_duration_seconds{{job="{JOB}"}}'},
    ),
    Panel(
        "Session",
        "1 while a session with --metrics-port runs, 0 when there is none.",
        "none",
        {"up": f'up{{job="{JOB}"}}'},
    ),
)
COMPARED = (
    Panel(
        "Tasks completed",
        "Arms side by side. Trials are interleaved, so lines take turns.",
        "ops",
        {"{{arm}}": rate("bench_tasks_total", 'state="completed"', by="arm")},
    ),
    Panel(
        "Sojourn time, p50",
        "Half of the load's tasks took less.",
        "s",
        {"{{arm}}": latency(0.5, "arm")},
    ),
    Panel(
        "Sojourn time, p99",
        "One in a hundred of the load's tasks took more.",
        "s",
        {"{{arm}}": latency(0.99, "arm")},
    ),
    Panel("Worker CPU per task", COST.description, "s", {"{{arm}}": cost("arm")}),
    Panel(
        "Worker CPU per task, whole range",
        "The same over the time shown: one figure per arm, a preview. Verdicts are compare's.",
        "s",
        {
            "{{arm}}": f"{over_range('bench_cpu_seconds_total', 'role="workers"')} / "
            f"({over_range('bench_tasks_total', 'state="completed"')} > 0)"
        },
        "bargauge",
        True,
    ),
    Panel(
        "Tasks completed, whole range",
        "How much of each arm is in the time shown.",
        "short",
        {"{{arm}}": over_range("bench_tasks_total", 'state="completed"')},
        "bargauge",
        True,
    ),
    Panel(
        "Memory of the workers",
        MEMORY.description,
        "bytes",
        {"{{arm}}": f"sum by (arm) (bench_pss_bytes{only('role="workers"')})"},
    ),
    Panel(
        "Tasks at the broker",
        "All of them, whatever their state.",
        "short",
        {"{{arm}}": f"sum by (arm) (bench_queue_depth{only()})"},
    ),
    TRIALS,
)
