"""Live metrics: true to the records, by Prometheus's conventions, and shown by every panel."""

import json
import math
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard as GrafanaDashboard
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

from harness.cli.matrix import Matrix
from harness.cli.progress import TrialProgress
from harness.commands import COMMANDS
from harness.experiment.cleanup import guarded
from harness.experiment.watched import watched
from harness.measure.layouts import RUN_TYPE, SEND_TYPE, Array
from harness.measure.sampler import Sampler, Usage
from harness.store.vocabulary import Status
from harness.trial.cell import Arm
from harness.trial.live.live import Live
from harness.trial.live.server import serving
from harness.trial.live.totals import BUCKETS_S, FRESH_S, Sojourns
from harness.trial.plan import UNWATCHED, Setup
from harness.trial.watch import watching
from infrastructure.dashboards.configuration import METRICS_PORT, PROMETHEUS, written
from infrastructure.dashboards.documents import DATASOURCE, dashboard_document
from infrastructure.dashboards.pages import DASHBOARDS
from infrastructure.dashboards.panels import JOB
from infrastructure.errors import UsageError
from infrastructure.root import ROOT
from infrastructure.service import Depth, free_port
from tasks.records import RUN_SUFFIX, SEND_SUFFIX, wire_seq
from tests.conftest import TINY, make_plan, missing

MakeArm = Callable[..., Arm]
MakeBench = Callable[[Arm, str], Setup]
Samples = dict[tuple[str, ...], float]  # by the series' name and the label that tells it apart

MS = 1_000_000
DOCUMENTS = [dashboard_document(d) for d in DASHBOARDS]
PANELS = [(d["title"], p) for d in DOCUMENTS for p in d["panels"]]


def sends(phase: str, numbers: Sequence[int], intended_ms: Sequence[float]) -> Array:
    made = np.zeros(len(numbers), SEND_TYPE)
    made["seq"] = [wire_seq(phase, n) for n in numbers]
    made["intended"] = np.array(intended_ms) * MS
    made["pid"] = 1
    return made


def runs(phase: str, numbers: Sequence[int], end_ms: Sequence[float], outcome: int = 0) -> Array:
    made = np.zeros(len(numbers), RUN_TYPE)
    made["seq"] = [wire_seq(phase, n) for n in numbers]
    made["end"] = np.array(end_ms) * MS
    made["outcome"], made["pid"] = outcome, 2
    return made


def none(dtype: Any) -> Array:
    return np.empty(0, dtype)


# -- from records to sojourn times ---------------------------------------------------------------


def test_a_sojourn_is_given_once_when_both_its_records_are_there() -> None:
    sojourns = Sojourns()
    assert sojourns.add(sends("load", [0, 1], [10, 20]), none(RUN_TYPE)).tolist() == []
    assert sojourns.add(none(SEND_TYPE), runs("load", [0], [15])).tolist() == [5 * MS]
    late = sojourns.add(none(SEND_TYPE), runs("load", [5000, 0], [99, 98]))  # unsent, and repeated
    assert late.tolist() == []
    assert sojourns.add(sends("load", [5000], [90]), none(RUN_TYPE)).tolist() == [9 * MS]
    assert sojourns.add(none(SEND_TYPE), runs("load", [1], [50])).tolist() == [30 * MS]


def test_the_first_success_of_the_load_counts() -> None:
    sojourns = Sojourns()
    sojourns.add(sends("load", [0], [0]), none(RUN_TYPE))
    failed = runs("load", [0], [1], outcome=1)
    warm = runs("warmup", [0], [2])
    assert sojourns.add(none(SEND_TYPE), np.concatenate([failed, warm])).tolist() == []
    twice = runs("load", [0, 0], [7, 4])
    assert sojourns.add(none(SEND_TYPE), twice).tolist() == [4 * MS]


# -- what a scrape is answered -------------------------------------------------------------------


class Scraped:
    """A live view, a trial's records and a sampler that are filled by hand."""

    def __init__(self, bench: Setup, records: Path) -> None:
        self.live = Live()
        self.bench = replace(bench, watch=self.live)
        self.plan = make_plan(self.bench, "throughput")
        self.records = records
        self.sampler = Sampler(lambda: Depth(0, 0, 0))

    def text(self) -> str:
        return self.live.text().decode()

    def samples(self) -> Samples:
        """Series by name and the value of the label that is neither arm nor scenario."""
        return {
            (s.name, *[v for k, v in s.labels.items() if k not in {"arm", "scenario"}][:1]): s.value
            for family in text_string_to_metric_families(self.text())
            for s in family.samples
        }

    def write(self, name: str, records: Array) -> None:
        with (self.records / name).open("ab") as file:
            file.write(records.tobytes())

    def sample(self, role: str, cpu_s: float, age_s: float = 0.0) -> None:
        at = time.monotonic_ns() - round(age_s * 1e9)
        self.sampler.usages.append(Usage(at, role, 2, cpu_s, 1000, 2000))
        self.sampler.depths.append((at, Depth(3, 2, 1)))


@pytest.fixture
def scraped(make_bench: MakeBench, make_arm: MakeArm, tmp_path: Path) -> Scraped:
    records = tmp_path / "records"
    records.mkdir()
    return Scraped(make_bench(make_arm(), "throughput"), records)


@contextmanager
def in_progress(scraped: Scraped) -> Iterator[None]:
    with TrialProgress(Console(quiet=True), [100.0]) as progress:
        progress.begin("a trial")
        scraped.live.begin(scraped.bench, scraped.plan, progress)
        with scraped.live.following(scraped.bench, scraped.plan, scraped.records, scraped.sampler):
            yield
        scraped.live.end(Status.OK)


def test_tasks_are_counted_from_the_records_as_they_grow(scraped: Scraped) -> None:
    with in_progress(scraped):
        first = scraped.samples()
        assert {first["bench_tasks_total", s] for s in ("sent", "completed", "failed")} == {0}
        scraped.write(f"p{SEND_SUFFIX}", sends("warmup", [0, 1], [0, 0]))
        scraped.write(f"p{SEND_SUFFIX}", sends("load", [0, 1, 2], [0, 0, 0]))
        scraped.write(f"w{RUN_SUFFIX}", runs("warmup", [0, 1], [1, 1]))
        scraped.write(f"w{RUN_SUFFIX}", runs("load", [0], [3]))
        scraped.write(f"w{RUN_SUFFIX}", runs("load", [1], [3], outcome=1))
        for _ in range(2):  # nothing is counted twice
            found = scraped.samples()
            assert found["bench_tasks_total", "sent"] == 5
            assert found["bench_tasks_total", "completed"] == 3
            assert found["bench_tasks_total", "failed"] == 1
            assert found["bench_sojourn_seconds_bucket", "0.002"] == 0
            assert found["bench_sojourn_seconds_bucket", "0.005"] == 1
            assert found["bench_sojourn_seconds_bucket", "+Inf"] == 1
            assert found["bench_sojourn_seconds_sum",] == pytest.approx(0.003)
        scraped.write(f"w{RUN_SUFFIX}", runs("load", [1, 2], [90_000, 1]))
    after = scraped.samples()  # nobody asked before the trial's end
    assert after["bench_tasks_total", "completed"] == 5
    assert after["bench_sojourn_seconds_bucket", "0.001"] == 1  # an edge belongs to its bucket
    assert after["bench_sojourn_seconds_bucket", "60.0"] == 2
    assert after["bench_sojourn_seconds_bucket", "+Inf"] == 3
    assert after["bench_trials_total", "ok"] == 1


def test_cpu_rises_from_nothing_so_that_the_start_counts(scraped: Scraped) -> None:
    with in_progress(scraped):
        found = scraped.samples()
        for role in ("producer", "workers", "broker"):
            assert found["bench_cpu_seconds_total", role] == 0


def test_cpu_never_falls_when_a_killed_process_takes_its_own_along(scraped: Scraped) -> None:
    seen = []
    with in_progress(scraped):
        for cpu_s in (1.0, 4.0, 0.5, 1.5):
            scraped.sample("workers", cpu_s)
            seen.append(scraped.samples()["bench_cpu_seconds_total", "workers"])
    assert seen == [1.0, 4.0, 4.0, 5.0]
    scraped.sampler = Sampler(lambda: Depth(0, 0, 0))
    with in_progress(scraped):  # the next trial's processes begin at nothing
        scraped.sample("workers", 0.25)
    assert scraped.samples()["bench_cpu_seconds_total", "workers"] == 5.25


GAUGES = ("bench_pss_bytes", "bench_processes", "bench_queue_depth", "bench_trial_info",
          "bench_trial_progress_ratio")  # fmt: skip


def gauges(scraped: Scraped) -> set[str]:
    return {key[0] for key in scraped.samples()} & set(GAUGES)


def test_gauges_are_of_the_trial_in_progress_only(scraped: Scraped) -> None:
    assert gauges(scraped) == set()
    with in_progress(scraped):
        scraped.sample("workers", 1.0)
        found = scraped.samples()
        assert gauges(scraped) == set(GAUGES)
        assert found["bench_pss_bytes", "workers"] == 1000
        assert found["bench_processes", "workers"] == 2
        assert [found["bench_queue_depth", s] for s in ("pending", "in_flight", "delayed")] == [
            3, 2, 1,
        ]  # fmt: skip
    assert gauges(scraped) == set()
    assert scraped.samples()["bench_tasks_total", "sent"] == 0  # a counter stays


def test_an_old_sample_is_not_shown_as_now(scraped: Scraped) -> None:
    with in_progress(scraped):
        scraped.sample("workers", 1.0, age_s=FRESH_S + 1)
        assert gauges(scraped) == {"bench_trial_info", "bench_trial_progress_ratio"}
        assert scraped.samples()["bench_cpu_seconds_total", "workers"] == 1.0


def test_a_second_scenario_stands_in_the_same_families(scraped: Scraped) -> None:
    with in_progress(scraped):
        scraped.text()
    scraped.live._of(("another arm", "latency")).tasks["sent"] = 7
    for _ in range(2):  # written, and as it was kept
        families = list(text_string_to_metric_families(scraped.text()))
        assert len({f.name for f in families}) == len(families)
        (tasks,) = (f for f in families if f.name == "bench_tasks")
        sent = {s.labels["arm"]: s.value for s in tasks.samples if s.labels["state"] == "sent"}
        assert sorted(sent.values()) == [0, 7]


def test_names_follow_the_conventions(scraped: Scraped) -> None:
    with in_progress(scraped):
        scraped.sample("workers", 1.0)
        every = text_string_to_metric_families(scraped.text())
        families = [f for f in every if not f.name.startswith("process_")]
    assert {f.name for f in families} == {
        "bench_tasks", "bench_trials", "bench_cpu_seconds", "bench_sojourn_seconds", *GAUGES,
        "bench_time_left_seconds",
    }  # fmt: skip
    for family in families:
        assert family.documentation
        total = any(s.name.endswith("_total") for s in family.samples)
        assert total == (family.type == "counter")
        for sample in family.samples:
            assert {"arm", "scenario"} <= set(sample.labels) or "time_left" in family.name
            assert math.isfinite(sample.value)
    info = next(s.labels for f in families for s in f.samples if f.name == "bench_trial_info")
    assert info["arm"] == f"stub 1.0, Python {info['python']}, stub, matched"
    assert info["trial"] == scraped.plan.trial_id


def test_equal_arms_of_a_comparison_stay_apart(scraped: Scraped) -> None:
    twin = replace(scraped.bench, number=2)
    arms = {scraped.live._key(bench, scraped.plan)[0] for bench in (scraped.bench, twin)}
    assert len(arms) == 2
    assert scraped.live._key(twin, scraped.plan)[0].endswith("matched (2)")


def test_buckets_go_from_a_millisecond_to_a_minute() -> None:
    assert (BUCKETS_S[0], BUCKETS_S[-1]) == (0.001, 60.0)
    assert sorted(set(BUCKETS_S)) == list(BUCKETS_S)


# -- the port ------------------------------------------------------------------------------------


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def test_the_server_listens_on_loopback_and_ends_with_the_session() -> None:
    port = free_port()
    with serving(port):
        ours = [c for c in psutil.Process().net_connections() if c.status == "LISTEN"]
        assert [c.laddr.ip for c in ours if c.laddr.port == port] == ["127.0.0.1"]
        assert "# TYPE bench_time" not in (text := get(f"http://127.0.0.1:{port}/metrics"))
        assert "# TYPE bench_pss_bytes gauge" in text
        assert "process_cpu_seconds_total" in text
    with pytest.raises(urllib.error.URLError):
        get(f"http://127.0.0.1:{port}/metrics")


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(UsageError, match=f"--metrics-port {port}: cannot listen"),
            serving(port),
        ):
            pytest.fail("it took a port that somebody has")
        version = "{}.{}".format(*sys.version_info)
        done = subprocess.run(
            [sys.executable, "-m", "harness", "bench", "stub", "1.0", version, "/no/such/python",
             "--metrics-port", str(port), "--db", str(tmp_path / "r.duckdb")],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "name a free port" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("error", "told"), [(BrokenPipeError, False), (ValueError, True)])
def test_only_a_client_that_gives_up_is_kept_from_the_terminal(
    error: type[Exception],
    told: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(port := free_port()) as live:

        def fail() -> bytes:
            raise error

        monkeypatch.setattr(live, "text", fail)
        with pytest.raises(ConnectionError):  # the server closes when it has said what it says
            get(f"http://127.0.0.1:{port}/metrics")
    assert (error.__name__ in capsys.readouterr().err) == told


@pytest.mark.parametrize("word", ["0", "65536", "-1", "http"])
def test_what_is_no_port_is_refused(word: str, matrix: Matrix) -> None:
    for command in ("bench", "compare", "regress", "soak"):
        parser = COMMANDS[command].parser(matrix)
        with pytest.raises(UsageError, match="expected a port from 1 to 65535"):
            parser.parse(["--metrics-port", word])
        assert parser.parse(["--metrics-port", "9876"]).metrics_port == 9876
        assert parser.parse([]).metrics_port is None


def test_nobody_looks_without_a_port() -> None:
    with watching(None) as watch:
        assert watch is UNWATCHED


# -- configuration and dashboards ----------------------------------------------------------------


@pytest.mark.parametrize(("name", "text"), list(written()), ids=[n for n, _ in written()])
def test_the_files_are_what_the_generator_writes(name: str, text: str) -> None:
    path = ROOT / "infrastructure" / name
    assert path.read_text() == text, "run: python -m infrastructure.dashboards"


def test_no_file_is_left_that_nobody_writes() -> None:
    folders = [ROOT / "infrastructure" / name for name in ("grafana", "prometheus")]
    found = {p.relative_to(ROOT / "infrastructure").as_posix()
             for folder in folders for p in folder.rglob("*") if p.is_file()}  # fmt: skip
    assert found == {name for name, _ in written()}


def test_there_are_four_dashboards() -> None:
    titles = [d["title"] for d in DOCUMENTS]
    assert titles == ["AsyncTasQ", "Celery", "System", "Comparison"]
    assert len({d["uid"] for d in DOCUMENTS}) == 4


@pytest.mark.parametrize(("title", "panel"), PANELS, ids=[f"{t}: {p['title']}" for t, p in PANELS])
def test_every_panel_says_what_it_shows(title: str, panel: dict[str, Any]) -> None:
    assert title
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["targets"]
    assert panel["datasource"] == DATASOURCE
    for target in panel["targets"]:
        assert target["expr"]
        assert target["legendFormat"]
        assert target["datasource"] == DATASOURCE


def test_panels_of_a_dashboard_do_not_overlap() -> None:
    for document in DOCUMENTS:
        places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in document["panels"]]
        assert len(set(places)) == len(places)
        assert len({p["id"] for p in document["panels"]}) == len(places)


@pytest.mark.parametrize("document", DOCUMENTS, ids=[d["title"] for d in DOCUMENTS])
def test_grafanas_own_types_hold_all_of_a_dashboard(document: dict[str, Any]) -> None:
    register_default_plugins()
    read = json.loads(JSONEncoder().encode(GrafanaDashboard.from_json(document)))
    assert lost(document, read) == []


def lost(ours: Any, theirs: Any, where: str = "") -> list[str]:
    """What of ours is not in theirs, which may have defaults beside it."""
    if isinstance(ours, dict):
        return [
            found
            for key, value in ours.items()
            for found in (
                lost(value, theirs[key], f"{where}/{key}") if key in theirs else [f"{where}/{key}"]
            )
        ]
    if isinstance(ours, list) and len(ours) == len(theirs):
        pairs = zip(ours, theirs, strict=True)
        return [found for n, (a, b) in enumerate(pairs) for found in lost(a, b, f"{where}/{n}")]
    return [] if ours == theirs else [where]


# -- a real Prometheus ---------------------------------------------------------------------------


def prometheus_tool(name: str) -> str:
    found = shutil.which(name)
    if not found:
        missing("prometheus")
    return found or ""


def test_prometheus_takes_its_configuration() -> None:
    path = ROOT / "infrastructure" / "prometheus" / "prometheus.yml"
    done = subprocess.run(
        [prometheus_tool("promtool"), "check", "config", str(path)], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_finds_nothing_wrong_with_the_metrics(scraped: Scraped) -> None:
    with in_progress(scraped):
        scraped.sample("workers", 1.0)
        text = scraped.text()
    done = subprocess.run(
        [prometheus_tool("promtool"), "check", "metrics"], input=text, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


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
                [prometheus_tool("prometheus"), "--config.file", str(folder / "prometheus.yml"),
                 "--storage.tsdb.path", str(folder / "data"), "--web.listen-address", self.address,
                 "--log.level", "error"],
                cwd=folder, stdout=subprocess.DEVNULL, stderr=log,
            )  # fmt: skip

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
    "Worker CPU a task, whole range": "{}",
    "Memory of the workers": "max_over_time(({})[10m:1s])",
}


def panels(prometheus: Prometheus, span_s: float) -> Iterator[tuple[str, str, str]]:
    """Dashboard, title and query of every panel, as Grafana asks."""
    for document in DOCUMENTS:
        variables = {"__rate_interval": "4s", "__range": f"{round(span_s)}s"}
        for variable in document["templating"]["list"]:
            variables[variable["name"]] = values_of(prometheus, variable)
        for panel in document["panels"]:
            for target in panel["targets"]:
                yield document["title"], panel["title"], expanded(target["expr"], variables)


@pytest.mark.integration
def test_every_panel_shows_a_real_run(
    make_arm: MakeArm,
    make_bench: MakeBench,
    tmp_path: Path,
    database: Path,
    query: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    port, began = free_port(), time.time()
    outcomes: dict[str, Any] = {}
    with (
        serving(port) as live,
        scraping(tmp_path / "prometheus", port) as prometheus,
        TrialProgress(Console(quiet=True), [10.0, 10.0]) as progress,
        guarded(database),
    ):
        for framework in ("asynctasq", "celery"):
            bench = replace(make_bench(make_arm(framework), "throughput"), watch=live)
            plan = make_plan(bench, "throughput")
            live.begin(bench, plan, progress)  # the zeros are seen: a tiny trial waits for nothing
            prometheus.wait_for(f'bench_trials_total{{status="ok",arm=~"{framework} .+"}}',
                                {framework: 0})  # fmt: skip
            outcomes[framework] = watched(bench, plan, progress)
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
