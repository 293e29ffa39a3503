"""A real Prometheus takes the metrics, and every panel shows a real run."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from harness.cli.forecast import Planned
from harness.cli.progress import TrialProgress
from harness.experiment.cleanup import guarded
from harness.experiment.watched import watched
from harness.trial.live.server import serving
from infrastructure.root import ROOT
from infrastructure.servers import free_port
from tests.conftest import TINY, make_plan
from tests.integration.trial.live.prometheus import (
    by_framework,
    has_data,
    panels,
    prometheus_tool,
    scraping,
)
from tests.integration.trials import MakeArm, MakeSetup
from tests.scraped import Scraped, in_progress


@pytest.fixture
def scraped(make_setup: MakeSetup, make_arm: MakeArm, tmp_path: Path) -> Scraped:
    records = tmp_path / "records"
    records.mkdir()
    setup = make_setup(make_arm())
    return Scraped(setup, make_plan(setup, "throughput"), records)


def test_prometheus_takes_its_configuration() -> None:
    path = ROOT / "infrastructure" / "prometheus" / "prometheus.yml"
    done = subprocess.run(
        [prometheus_tool("promtool"), "check", "config", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_finds_nothing_wrong_with_the_metrics(scraped: Scraped) -> None:
    with in_progress(scraped):
        scraped.sample("workers", 1.0)
        text = scraped.text()
    done = subprocess.run(
        [prometheus_tool("promtool"), "check", "metrics"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


STORED = """
SELECT framework, any_value(tasks), max(cpu_s) / any_value(tasks), max(pss_bytes)
FROM trial
JOIN resource_sample USING (trial_id)
JOIN (
    SELECT trial_id, count(*) AS tasks
    FROM (SELECT trial_id, outcome FROM task_record
          UNION ALL SELECT trial_id, outcome FROM warmup_record)
    WHERE outcome = 'ok' GROUP BY trial_id
) USING (trial_id)
WHERE role = 'workers'
GROUP BY framework
"""
# The panels that say the same, each as one figure of the whole run.
SAID = {
    "Tasks completed, whole range": "{}",
    "Worker CPU per task, whole range": "{}",
    "Memory of the workers": "max_over_time(({})[10m:1s])",
}


def test_every_panel_shows_a_real_run(
    make_arm: MakeArm,
    make_setup: MakeSetup,
    tmp_path: Path,
    database: Path,
    query: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    port, began = free_port(), time.time()
    outcomes: dict[str, Any] = {}
    with (
        serving(port) as live,
        scraping(tmp_path / "prometheus", port) as prometheus,
        TrialProgress(Console(quiet=True), [Planned("more", lambda: 10.0)] * 2) as progress,
        guarded(database),
    ):
        for framework in ("asynctasq", "celery"):
            setup = replace(make_setup(make_arm(framework)), watch=live)
            plan = make_plan(setup, "throughput")
            live.begin(setup, plan, progress)  # the zeros are seen: a tiny trial waits for nothing
            prometheus.wait_for(
                f'bench_trials_total{{status="ok",arm=~"{framework} .+"}}', {framework: 0}
            )
            outcomes[framework] = watched(setup, plan, progress)
        prometheus.wait_for("bench_sojourn_seconds_count", dict.fromkeys(outcomes, TINY.tasks))
        prometheus.wait_for("count by (arm) (bench_trial_info or bench_pss_bytes)", {})  # it ended
        ended = time.time()
        span = {"start": began, "end": ended, "step": 1}
        silent, said = [], {}
        for dashboard, title, asked in panels(prometheus, ended - began):
            if not has_data(prometheus.ask("query_range", query=asked, **span)["result"]):
                silent.append(f"{dashboard}: {title}: {asked}")
            if title in SAID:
                whole = prometheus.ask("query", query=SAID[title].format(asked), time=ended)
                said[title] = by_framework(whole["result"])
    assert silent == []
    for framework, *stored in query(STORED):
        shown = [said[title][framework] for title in SAID]
        assert shown == pytest.approx(stored, rel=0.2), framework
