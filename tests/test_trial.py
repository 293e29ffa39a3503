"""Trials of real frameworks at small size, and what the database says when things go wrong.

Facts only: counts, accounting, order of stamps, status and reason. Never absolute times.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from rich.console import Console

from harness.cli.progress import TrialProgress
from harness.experiment.bench.objective import search_rate
from harness.experiment.bench.plan import GAP_S, BenchPlan, Step
from harness.experiment.bench.session import Session
from harness.experiment.cleanup import guarded
from harness.experiment.row import new_experiment
from harness.scenario.catalogue import load_scenario, load_scenarios
from harness.scenario.point import QUICK
from harness.store.redact import redacted
from harness.trial.cell import Arm, describe_all, wanted
from harness.trial.leftovers import recover
from harness.trial.outcome import Outcome
from harness.trial.plan import Setup
from harness.trial.starter import prepare
from harness.trial.steps import run_trial
from infrastructure.errors import TrialFailed
from infrastructure.processes.folder import TrialFolder, end_processes, is_live, leftovers, spool_of
from tests.conftest import TINY, make_plan

pytestmark = pytest.mark.integration

MakeArm = Callable[..., Arm]
Trial = Callable[..., Outcome]
Query = Callable[[str], list[tuple[Any, ...]]]
MakeBench = Callable[[Arm, str], Setup]


def ours(tmp_path: Path) -> list[psutil.Process]:
    """Live processes that run in, or were told of, this test's folder."""
    found = []
    for process in psutil.process_iter(["cwd", "cmdline", "status"]):
        places = [process.info["cwd"] or "", *(process.info["cmdline"] or [])]
        alive = process.info["status"] != psutil.STATUS_ZOMBIE
        if alive and any(place.startswith(str(tmp_path)) for place in places):
            found.append(process)
    return found


@pytest.fixture(autouse=True)
def nothing_left_behind(database: Path, tmp_path: Path) -> Iterator[None]:
    """No process, hence no listening port, and no folder of ours after a test."""
    yield
    wait_for(lambda: not ours(tmp_path), 10)
    spool = spool_of(database)
    assert not spool.exists() or list(spool.iterdir()) == []


def only_timing(outcome: Outcome) -> bool:
    """Nothing but the machine's timing may void a trial here: then the trial says so."""
    reasons = (outcome.reason or "generator lag").split("; ")
    return all(r.startswith(("generator lag", "no steady state", "unstable")) for r in reasons)


@pytest.mark.parametrize("framework", ["asynctasq", "celery"])
@pytest.mark.parametrize("profile", ["matched", "default"])
def test_throughput_accounts_for_every_task(
    make_arm: MakeArm, trial: Trial, query: Query, framework: str, profile: str
) -> None:
    outcome = trial(make_arm(framework, profile), "throughput")
    assert only_timing(outcome), outcome.reason
    ordered = (
        "count(*) FILTER (intended_ns <= send_ns AND send_ns <= ack_ns "
        "AND ack_ns <= start_ns AND start_ns <= end_ns)"
    )
    found = query(f"SELECT count(DISTINCT seq), min(seq), max(seq), {ordered} FROM task_record")
    assert found == [(TINY.tasks, 0, TINY.tasks - 1, TINY.tasks)]
    processes = outcome.trial.processes
    assert query("SELECT count(DISTINCT worker_pid) FROM task_record WHERE attempt > 0") <= [
        (processes,)
    ]
    assert outcome.metrics["drain_rate"] > 0
    assert 0.01 < outcome.metrics["workers_cpu"] < 60
    assert 1 <= outcome.metrics["broker_commands_per_task"] < 50
    assert query("SELECT count(*) FROM setting WHERE asked IS NOT NULL AND asked <> effective") == [
        (0,)
    ]
    roles = query("SELECT DISTINCT role FROM resource_sample ORDER BY role")
    assert roles == [("broker",), ("producer",), ("workers",)]
    assert query("SELECT count(*) > 0, max(pending) > 0 FROM depth_sample") == [(True, True)]
    assert query("SELECT count(*) FROM package WHERE name = 'redis'") == [(1,)]


@pytest.mark.parametrize("framework", ["asynctasq", "celery"])
def test_latency_is_from_the_intended_time(
    make_arm: MakeArm, trial: Trial, query: Query, framework: str
) -> None:
    size = replace(TINY, load_s=1.0)
    outcome = trial(make_arm(framework), "latency", size=size, fraction=0.5, capacity=300.0)
    assert only_timing(outcome), outcome.reason
    assert outcome.metrics["offered_rate"] == 150.0
    assert outcome.metrics["completed_once"] == outcome.metrics["issued"] == 1050
    early, before = query(
        "SELECT count(*) FILTER (send_ns < intended_ns), "
        "count(*) FILTER (end_ns < start_ns OR start_ns < send_ns) FROM task_record"
    )[0]
    assert (early, before) == (0, 0)
    if "unstable" not in outcome.reason:  # a machine that stalls makes a backlog
        assert outcome.metrics["sojourn_p50"] >= outcome.metrics["wait_p50"]
    assert "sojourn_p999" not in outcome.metrics  # 10,000 tasks would be needed


def test_profiler_passes_leave_files_and_rows(
    make_arm: MakeArm, trial: Trial, query: Query
) -> None:
    outcome = trial(make_arm("asynctasq"), "throughput", "memray")
    assert outcome.status == "ok", outcome.reason
    ((status, peak, files),) = query(
        "SELECT status, max(peak_bytes), max(files) FROM profile GROUP BY status"
    )
    assert status == "ok"
    assert peak > 1_000_000
    assert "memray-" in files
    assert query("SELECT unit, count(*) > 10 FROM stack GROUP BY unit") == [("bytes", True)]
    assert query("SELECT count(*) > 3 FROM allocation") == [(True,)]


def test_py_spy_pass_leaves_stacks_or_says_why(
    make_arm: MakeArm, trial: Trial, query: Query, tmp_path: Path
) -> None:
    trial(make_arm("celery"), "throughput", "py-spy", size=replace(TINY, tasks=3000))
    ((status, reason),) = query("SELECT DISTINCT status, reason FROM profile")
    if status == "ok":
        assert query("SELECT sum(value) > 5 FROM stack WHERE unit = 'samples'") == [(True,)]
        assert list(tmp_path.glob("profiles/*/py-spy.svg"))
    else:
        assert "ptrace_scope" in reason


def strike(folder: Path, role: str, number: int = signal.SIGKILL) -> None:
    """Once the load is being drained, send a signal to a process of the trial."""
    deadline = time.monotonic() + 120  # start-up is in it
    while time.monotonic() < deadline:
        for trial_folder in folder.glob("*"):
            if (trial_folder / "records" / "gate-2.open").exists():
                for line in (trial_folder / "sessions").read_text().splitlines():
                    with suppress(psutil.NoSuchProcess):  # such as what made the server's folder
                        process = psutil.Process(int(line.split()[0]))
                        if role in " ".join(process.cmdline()):
                            process.send_signal(number)
                            return
        time.sleep(0.005)


@pytest.mark.parametrize(
    ("role", "said"),
    [("valkey-server", "broker"), ("tasks.worker", "workers"), ("tasks.load", "producer")],
)
def test_a_killed_process_is_a_failed_trial(
    make_arm: MakeArm, trial: Trial, query: Query, database: Path, role: str, said: str
) -> None:
    size = replace(TINY, tasks=20_000)
    killer = threading.Thread(target=strike, args=(spool_of(database), role))
    killer.start()
    outcome = trial(make_arm("asynctasq"), "throughput", size=size)
    killer.join()
    assert outcome.status == "failed"
    assert f"the {said} process" in outcome.reason
    assert "SIGKILL" in outcome.reason
    ((issued, done, lost),) = query(
        "SELECT count(DISTINCT seq), count(*) FILTER (outcome = 'ok'), "
        "count(*) FILTER (outcome = 'lost') FROM task_record"
    )
    assert issued == 20_000
    assert done + lost == 20_000
    assert lost > 0
    assert outcome.metrics["lost"] == lost


def test_a_second_ctrl_c_leaves_nothing(
    make_arm: MakeArm, make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    """It interrupts the clean-up itself; what that left is ended all the same."""

    def again(*_: object, **__: object) -> list[str]:
        raise KeyboardInterrupt

    bench = make_bench(make_arm("stub"), "throughput")
    monkeypatch.setattr("harness.trial.stopping.stop_all", again)
    with pytest.raises(KeyboardInterrupt):
        run_trial(bench, make_plan(bench, "throughput"))
    assert query("SELECT status, reason FROM trial") == [("failed", "interrupted")]


def test_ctrl_c_while_the_broker_starts_leaves_no_server(
    make_arm: MakeArm, make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from infrastructure import redis as service

    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    bench = make_bench(make_arm("celery"), "throughput")
    monkeypatch.setattr(service, "wait_ready", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_trial(bench, make_plan(bench, "throughput"))


def test_a_given_server_that_fills_up_ends_the_session(
    make_arm: MakeArm, make_bench: MakeBench, query: Query
) -> None:
    import redis

    from infrastructure.brokers import BrokerChoice
    from infrastructure.errors import UsageError
    from infrastructure.processes.folder import TrialFolder

    bench = make_bench(make_arm("celery"), "throughput")
    folder = TrialFolder.create(bench.database.parent / "theirs", "server", {})
    server = BrokerChoice("redis", "embedded").start(folder, {})
    url = server.url.replace("127.0.0.1", "user:secret@127.0.0.1")
    with redis.Redis.from_url(server.url) as theirs:
        theirs.acl_setuser(
            "user", enabled=True, passwords=["+secret"], keys=["*"], categories=["+@all"]
        )
        theirs.set("precious", "1")
    bench.arm = replace(bench.arm, broker=BrokerChoice("redis", "url", url))
    with pytest.raises(UsageError, match="holds 1 key"):
        run_trial(bench, make_plan(bench, "throughput"))
    ((status, reason),) = query("SELECT status, reason FROM trial")
    assert status == "failed"
    assert "secret" not in reason
    server.stop()
    folder.remove()


def test_a_cell_that_cannot_import_is_refused(make_arm: MakeArm, make_bench: MakeBench) -> None:
    from infrastructure.errors import BenchError

    broken = replace(make_arm("celery"), executable=sys.executable)  # our own: no celery in it
    with pytest.raises(BenchError, match="No module named 'celery'"):
        make_bench(broken, "throughput")


def test_a_worker_that_dies_at_its_start_is_a_failed_trial(
    make_arm: MakeArm, make_bench: MakeBench, query: Query
) -> None:
    bench = make_bench(make_arm("stub"), "throughput")
    bench.descriptions[wanted("throughput", {})].workers[1] = ["no_such_module"]
    outcome = run_trial(bench, make_plan(bench, "throughput"))
    assert outcome.status == "failed"
    assert "workers process" in outcome.reason
    assert "exit code 1" in outcome.reason
    ((tail,),) = query("SELECT log_tail FROM trial")
    assert "No module named no_such_module" in tail


def test_a_setting_that_did_not_take_voids_the_trial(
    make_arm: MakeArm, make_bench: MakeBench, query: Query
) -> None:
    bench = make_bench(make_arm("celery"), "throughput")
    described = bench.descriptions[wanted("throughput", {})]
    described.asked["prefetch"] = 99
    outcome = run_trial(bench, make_plan(bench, "throughput"))
    assert outcome.status == "invalid"
    assert "setting prefetch: asked 99, a running worker has 2" in outcome.reason
    assert query("SELECT asked, effective FROM setting WHERE name = 'prefetch'") == [("99", "2")]


SESSION = """
import signal
import sys
from pathlib import Path
from harness.experiment.cleanup import guarded
from harness.trial.steps import run_trial
from tests.conftest import TINY, make_plan
from tests.test_trial import stub_bench
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
bench = stub_bench(Path(sys.argv[1]))
with guarded(bench.database):
    run_trial(bench, make_plan(bench, "throughput"))
    from dataclasses import replace
    plan = replace(make_plan(bench, "throughput", size=replace(TINY, tasks=400)),
                   trial_id=bench.experiment["experiment_id"] + "-002")
    run_trial(bench, plan)
"""


def stub_bench(database: Path) -> Setup:
    """A bench of a slow stub, for a session in a process of its own."""
    from infrastructure.brokers import BrokerChoice

    python = "{}.{}".format(*sys.version_info)
    arm = Arm("stub", "1.0", python, sys.executable, BrokerChoice("stub", "embedded"), "matched",
              {"service_us": 20_000})  # fmt: skip
    described = describe_all(arm, [wanted("throughput", {})])
    return Setup(database, new_experiment("bench", "tiny", 7, {}), arm, described, database.parent)


def start_session(database: Path) -> subprocess.Popen[bytes]:
    root = Path(__file__).parent.parent
    return subprocess.Popen(
        [sys.executable, "-c", SESSION, str(database)], cwd=root, start_new_session=True,
        stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def second_trial_under_load(database: Path) -> bool:
    return any(spool_of(database).glob("*-002/records/gate-2.open"))


def children_of_trial(database: Path) -> list[int]:
    (sessions,) = spool_of(database).glob("*-002/sessions")
    return [int(line.split()[0]) for line in sessions.read_text().splitlines()]


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and is_live(psutil.Process(pid))


def test_sigkill_of_the_harness_leaves_nothing(database: Path, query: Query) -> None:
    """The watchdog ends its children; the next start stores the unfinished trial as failed."""
    spool_of(database).mkdir()
    with start_session(database) as session:
        wait_for(lambda: second_trial_under_load(database))
        pids = children_of_trial(database)
        os.killpg(session.pid, signal.SIGKILL)
    wait_for(lambda: not any(map(is_running, pids)), 20)
    assert query("SELECT trial_id[-3:], status <> 'failed' FROM trial") == [("001", True)]
    (said,) = recover(database, spool_of(database))
    assert said.startswith("left over: ")
    found = query("SELECT trial_id[-3:], reason FROM trial WHERE status = 'failed'")
    assert found == [("002", "the harness ended before the trial did")]
    ((issued, executed),) = query(
        "SELECT count(DISTINCT seq), count(*) FILTER (outcome = 'ok') FROM task_record "
        "WHERE trial_id LIKE '%-002'"
    )
    assert issued == 400
    assert executed < 400  # it was in the middle, and what it had done is kept


def test_ctrl_c_stores_the_trial_as_failed(database: Path, query: Query) -> None:
    spool_of(database).mkdir()
    session = start_session(database)
    wait_for(lambda: second_trial_under_load(database))
    session.send_signal(signal.SIGINT)
    assert session.wait(30) != 0  # KeyboardInterrupt came through
    found = query("SELECT trial_id[-3:], reason FROM trial WHERE status = 'failed'")
    assert found == [("002", "interrupted")]
    assert query(
        "SELECT trial_id[-3:], count(DISTINCT seq) FROM task_record GROUP BY 1 ORDER BY 1"
    ) == [("001", 600), ("002", 400)]
    assert not list(leftovers(spool_of(database)))


def test_end_processes_spares_a_reused_pid(tmp_path: Path) -> None:
    """A session listed with another start time is not ours any more."""
    bystander = subprocess.Popen(["sleep", "30"], start_new_session=True)
    try:
        (tmp_path / "sessions").write_text(f"{bystander.pid} {time.time() + 1000} broker\n")
        assert end_processes(tmp_path) == 0
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.integration
def test_a_search_brackets_the_rate_that_holds_the_objective(
    make_bench: Callable[[Arm, str], Setup], make_arm: Callable[..., Arm], database: Path,
    query: Callable[[str], list[tuple[Any, ...]]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """One server of 1 ms in virtual time holds p99 ≤ 5 ms up to about 560 tasks/s.

    M/D/1: P(wait > x) → (1 − load) / (load exp(r) − 1) exp(−r x), with r of load (exp(r) − 1) = r.
    """
    bench = make_bench(make_arm(clock="virtual", service_us=1000, processes=1), "latency")
    latency = load_scenario("latency")
    session = Session(bench, BenchPlan({"latency": latency}, TINY, 1, slo_ms=5.0))
    virtual = {"clock": "virtual", "count": 2000}
    trial = session.trial

    def in_virtual_time(step: Step, progress: TrialProgress) -> Outcome:
        merged = {**step.point.options, **virtual}
        return trial(step._replace(point=replace(step.point, options=merged)), progress)

    monkeypatch.setattr(session, "trial", in_virtual_time)
    with guarded(database), TrialProgress(Console(quiet=True), []) as progress:
        search_rate(session, 1000.0, 5.0, progress)
    votes = query(
        "SELECT r.value, avg(p.value), max(s.value) FROM metric r JOIN metric p USING (trial_id) "
        "JOIN metric s USING (trial_id) WHERE r.name = 'offered_rate' AND p.name = 'slo_passed' "
        "AND s.name = 'slo' GROUP BY 1 ORDER BY 1"
    )
    low = max(rate for rate, share, _ in votes if share > 0.5)
    high = min(rate for rate, share, _ in votes if share < 0.5)
    assert 500 < low < high < 640  # 2,000 tasks a trial give p99 to about 5 %
    assert high / low <= 1.05 + 1e-9
    assert {slo for _, _, slo in votes} == {5.0}
    assert query("SELECT DISTINCT purpose FROM trial") == [("search",)]


@pytest.mark.parametrize("name", load_scenarios())
def test_every_scenario_can_be_planned_alone(
    name: str, make_arm: Callable[..., Arm], make_bench: Callable[..., Setup]
) -> None:
    scenario = load_scenarios()[name]
    bench = make_bench(make_arm(), name)
    for slo_ms in (None, 200.0):
        plan = BenchPlan({name: scenario}, QUICK, 1, slo_ms=slo_ms)
        expected_s = plan.expected_s(bench.descriptions)
        assert len(expected_s) >= len(plan.steps()) >= len(scenario.points(QUICK))


def test_what_cannot_be_had_takes_no_time_in_the_plan(
    make_arm: Callable[..., Arm], make_bench: Callable[..., Setup]
) -> None:
    for name, lacking in (("multi_queue", True), ("throughput", False)):  # the stub has no queues
        plan = BenchPlan({name: load_scenario(name)}, QUICK, 1)
        (expected_s,) = plan.expected_s(make_bench(make_arm(), name).descriptions)
        assert (expected_s == GAP_S) == lacking


MIGRATE = """\
import sys
from rich.console import Console
Console().print("migrating mysql://bench:" + 50 * "a1" + "@127.0.0.1:1/bench")
sys.exit(1)
"""


def test_what_a_preparation_says_is_not_folded_before_passwords_are_cut(
    folder: TrialFolder,
) -> None:
    with pytest.raises(TrialFailed, match="migrating") as failed:
        prepare([sys.executable, "-c", MIGRATE], {"PATH": os.environ["PATH"]}, folder)
    assert "a1a1" in str(failed.value)
    assert "a1a1" not in redacted(str(failed.value))
