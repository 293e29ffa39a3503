"""Every scenario at small size on real frameworks: facts, bounds, capability gaps; no speeds."""

import itertools
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.cli.matrix import Matrix
from harness.commands import COMMANDS
from harness.experiment.arms import describe_points
from harness.measure.heard import Heard
from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.metrics import Metric
from harness.measure.records import Records
from harness.scenario.catalogue import load_scenario, load_scenarios
from harness.scenario.point import FULL, QUICK, Point, Size
from harness.trial.cell import Arm, wanted
from harness.trial.outcome import Outcome
from harness.trial.steps import run_trial
from infrastructure.errors import UsageError
from scenarios.cold_start import SCENARIO as COLD_START
from scenarios.cold_start import first_ends, ready_ns
from scenarios.events import delivery
from scenarios.multi_queue import jain, longest_gap, overtaking, shuffled
from scenarios.pipeline import as_tasks
from scenarios.recovery import FAULTS, longest_silence_s, prior_rate, recovery_s
from scenarios.scheduling import late_retries
from scenarios.soak import Minute, slopes
from tests.conftest import TINY, make_plan
from tests.test_trial import only_timing

Query = Callable[[str], list[tuple[Any, ...]]]
FRAMEWORKS = ("asynctasq", "celery")
CORES = len(os.sched_getaffinity(0))
SECOND = 1_000_000_000


def test_points_have_names_of_their_own_and_places() -> None:
    for scenario in load_scenarios().values():
        points = scenario.points(TINY)
        labels = [point.label for point in points]
        assert len(set(labels)) == len(labels)
        assert [point.number for point in points] == list(range(1, len(points) + 1))
        assert set(scenario.profiled) <= set(labels)
        assert all(scenario.expected_s(p.offered(1000.0)) > 0 for p in points)


@pytest.fixture
def point_trial(
    make_arm: Callable[..., Arm], make_bench: Callable[..., Any]
) -> Callable[[str, str, str], Outcome]:
    """One trial of a scenario's point on a framework."""

    def run(framework: str, scenario: str, label: str) -> Outcome:
        bench = make_bench(make_arm(framework), scenario)
        plan = make_plan(bench, scenario, **chosen(scenario, label))
        return run_trial(bench, plan)

    return run


def chosen(scenario: str, label: str) -> dict[str, Any]:
    points: list[Point] = load_scenario(scenario).points(TINY)
    return vars(next(p for p in points if p.label == label))


def sound(outcome: Outcome) -> dict[str, float]:
    """The metrics of a trial in which every task was completed once, whatever its timing."""
    assert only_timing(outcome), outcome.reason
    assert outcome.metrics["completed_once"] == outcome.metrics["issued"] > 0
    return outcome.metrics


def expect_doubles(outcome: Outcome, framework: str) -> None:
    """docs/findings.md: two of AsyncTasQ's workers can both take a task whose time has come."""
    if framework == "asynctasq" and "duplicated" in outcome.reason:
        assert outcome.status == "invalid"
        pytest.xfail("AsyncTasQ executed a delayed task twice")


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_processes_share_computing(
    point_trial: Callable[..., Outcome], query: Query, framework: str
) -> None:
    label = f"{CORES} process" + ("es" if CORES > 1 else "")
    found = sound(point_trial(framework, "cpu_bound", label))
    assert found["bare_cpu_per_task"] > 0
    assert 0 < found["speed_up"] < 1.2 * CORES
    ((pids,),) = query("SELECT count(DISTINCT worker_pid) FROM task_record")
    assert pids == CORES


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_waiting_tasks_overlap_in_one_process(
    point_trial: Callable[..., Outcome], query: Query, framework: str
) -> None:
    found = sound(point_trial(framework, "io_bound", "fan-out 10"))
    assert 0 < found["overlap"] <= 1.1
    assert found["api_share"] < 0.5
    assert found["service_p50"] >= 100  # the API's latency, however many calls
    ((pids,),) = query("SELECT count(DISTINCT worker_pid) FROM task_record")
    assert pids == 1


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_kinds_are_mixed_in_their_shares(
    point_trial: Callable[..., Outcome], query: Query, framework: str
) -> None:
    found = sound(point_trial(framework, "mixed", ""))
    kinds: dict[str, int] = dict(query("SELECT kind, count(*) FROM task_record GROUP BY kind"))
    total = sum(kinds.values())
    assert kinds == {"http": 0.6 * total, "parse": 0.3 * total, "digest": 0.1 * total}
    assert found.get("http_sojourn_p50", np.inf) >= 50  # none where the machine stalls


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize(
    "label", ["computing in coroutines", "computing in threads", "waiting in processes"]
)
def test_the_mistakes_can_be_made(
    point_trial: Callable[..., Outcome], query: Query, framework: str, label: str
) -> None:
    outcome = point_trial(framework, "antipatterns", label)
    if outcome.status == "gap":
        assert (framework, label) == ("celery", "computing in coroutines")
        return
    sound(outcome)
    ((pids,),) = query("SELECT count(DISTINCT worker_pid) FROM task_record")
    assert pids == (1 if "computing" in label else CORES)


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_payloads_arrive_and_are_weighed(
    point_trial: Callable[..., Outcome], framework: str
) -> None:
    found = sound(point_trial(framework, "serialization", "binary 100 KiB"))
    assert found["payload_size"] == 102_400
    assert 102_400 < found["broker_bytes_per_task"] < 3 * 102_400


@pytest.mark.integration
@pytest.mark.parametrize("serializer", ["pickle", "msgpack"])
def test_celery_has_other_serializers(point_trial: Callable[..., Outcome], serializer: str) -> None:
    sound(point_trial("celery", "serialization", f"nested 10 KiB, {serializer}"))


@pytest.mark.integration
def test_a_serializer_that_a_framework_lacks_is_a_gap(
    point_trial: Callable[..., Outcome], query: Query
) -> None:
    outcome = point_trial("asynctasq", "serialization", "nested 10 KiB, pickle")
    assert outcome.status == "gap"
    assert query("SELECT status, reason, point FROM trial") == [
        ("gap", "AsyncTasQ serializes by msgpack only", "nested 10 KiB, pickle")
    ]
    assert query("SELECT count(*) FROM task_record") == [(0,)]


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_urgent_work_overtakes(point_trial: Callable[..., Outcome], framework: str) -> None:
    found = sound(point_trial(framework, "multi_queue", ""))
    assert found["misrouted"] == 0
    assert found["overtaking"] > 0.95  # the matched profile serves queues in their order
    assert found["fairness"] < 0.9


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_delays_and_retries_are_never_early(
    point_trial: Callable[..., Outcome], framework: str
) -> None:
    outcome = point_trial(framework, "scheduling", "delay 1 s")
    expect_doubles(outcome, framework)
    found = sound(outcome)
    assert found["early"] == 0
    assert 0 <= found["lateness_p50"] < 10_000


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_what_fails_twice_is_tried_three_times(
    point_trial: Callable[..., Outcome], query: Query, framework: str
) -> None:
    outcome = point_trial(framework, "scheduling", "retry after 1 s, then 2 s")
    expect_doubles(outcome, framework)
    found = sound(outcome)
    assert found["early"] == 0
    assert query(
        "SELECT attempt, count(*) = (SELECT count(DISTINCT seq) FROM task_record), max(outcome) "
        "FROM task_record GROUP BY attempt ORDER BY attempt"
    ) == [(1, True, "failed"), (2, True, "failed"), (3, True, "ok")]


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_workers_are_as_many_as_the_point_says(
    point_trial: Callable[..., Outcome], query: Query, framework: str
) -> None:
    sound(point_trial(framework, "scalability", "4 workers"))
    assert query("SELECT DISTINCT processes FROM trial") == [(4,)]
    ready = "SELECT count(DISTINCT worker_pid) FROM warmup_record WHERE phase = 'ready'"
    assert query(ready) == [(4,)]


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_cold_start_ends_with_a_task(
    point_trial: Callable[..., Outcome], query: Query, framework: str
) -> None:
    found = sound(point_trial(framework, "cold_start", "no bytecode"))
    assert found["time_to_first_task"] > found["import_time"] / 2 > 0
    assert 0 < found["time_to_ready"] < 60_000
    assert found["memory_at_rest"] > 10_000_000
    ((pids,),) = query("SELECT count(DISTINCT worker_pid) FROM task_record")
    assert pids == found["issued"]  # each start has its own process


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("label", ["workers killed", "broker restarted"])
def test_every_task_has_a_fate_after_a_fault(
    point_trial: Callable[..., Outcome], framework: str, label: str
) -> None:
    before = set(Path(tempfile.gettempdir()).glob("pymp-*"))
    outcome = point_trial(framework, "recovery", label)
    assert set(Path(tempfile.gettempdir()).glob("pymp-*")) <= before  # of killed processes
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    fates = ("completed_once", "duplicated", "lost", "failed")
    assert sum(found[name] for name in fates) == found["issued"] == 900
    assert found["completed_once"] > 600  # it went on
    assert found["lost_acknowledged"] <= found["lost"]
    assert found["stranded"] <= found["issued"]
    assert found["longest_silence"] > 0.5
    assert 50 < found["prior_rate"] <= 150
    assert (found["revived"] > 0) or "broker" in label


@pytest.mark.integration
def test_tasks_that_new_workers_do_were_stranded_and_not_lost(
    trial: Callable[..., Outcome], make_arm: Callable[..., Arm], monkeypatch: pytest.MonkeyPatch,
    query: Query,
) -> None:  # fmt: skip
    monkeypatch.setattr("scenarios.recovery.QUIET_S", 2.0)
    arm = make_arm(processes=1, deaf_at=700)
    outcome = trial(arm, "recovery", **chosen("recovery", "broker paused"))
    assert outcome.status == "ok", outcome.reason
    found = outcome.metrics
    assert found["completed_once"] == found["issued"] == 900
    assert found["lost"] == found["lost_acknowledged"] == found["revived"] == 0
    by_worker = query("SELECT count(*) FROM task_record GROUP BY worker_pid ORDER BY min(start_ns)")
    assert [*by_worker] == [(900 - found["stranded"],), (found["stranded"],)]
    assert found["stranded"] >= 100  # the deaf one and its producer's further 99; two keep no step
    assert found["longest_silence"] < 8  # the pause; the wait for what was stranded is shorter


@pytest.mark.integration
def test_early_acks_are_a_gap_of_asynctasq(point_trial: Callable[..., Outcome]) -> None:
    outcome = point_trial("asynctasq", "recovery", "workers killed, early acks")
    assert outcome.status == "gap"
    assert outcome.reason == "AsyncTasQ acknowledges after the task, always"


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_orders_go_through_every_step_once(
    point_trial: Callable[..., Outcome], query: Query, framework: str
) -> None:
    outcome = point_trial(framework, "pipeline", "")
    found = outcome.metrics
    assert found["issued"] == 100
    expect_doubles(outcome, framework)
    sound(outcome)
    assert found["steps_done"] == 400
    assert found["retries"] == 5  # one in twenty charges is refused once
    assert found["charged_twice"] == found["never_charged"] == 0
    assert found.get("retried_sojourn_p50", np.inf) >= 1000  # the back-off
    kinds = query(
        "SELECT kind, count(DISTINCT seq), count(*), count(send_ns) FROM task_record "
        "GROUP BY kind ORDER BY kind"
    )
    assert kinds == [
        ("charge", 100, 105, 105), ("email", 100, 100, 100), ("inventory", 100, 100, 100),
        ("validate", 100, 100, 100),
    ]  # fmt: skip


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_event_is_heard(
    point_trial: Callable[..., Outcome], query: Query, framework: str
) -> None:
    found = sound(point_trial(framework, "events", "on"))
    assert found["event_completeness"] == 1
    assert found["events_repeated"] == 0
    assert found["listener_cpu"] > 0
    assert query("SELECT event, count(*) FROM event_record GROUP BY event ORDER BY event") == [
        ("started", found["issued"]), ("succeeded", found["issued"]),
    ]  # fmt: skip
    early = (
        "SELECT count(*) FROM event_record JOIN task_record USING (trial_id, seq) "
        "WHERE event = 'succeeded' AND heard_ns < end_ns"
    )
    assert query(early) == [(0,)]


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_requests_send_tasks(
    point_trial: Callable[..., Outcome], query: Query, framework: str
) -> None:
    found = sound(point_trial(framework, "fastapi", ""))
    if "request_p50" in found:  # not where the machine stalls
        assert found["request_p50"] > found["enqueue_p50"] > 0
    assert found["lifespan_start"] < 1000 * found["web_start"]
    assert found["lifespan_stop"] < 1000 * found["web_stop"]
    assert found["web_cpu_per_task"] > 0
    within = (
        "SELECT count(*), bool_and(r.send_ns >= t.send_ns AND r.ack_ns <= t.ack_ns) "
        "FROM request_record r JOIN task_record t USING (trial_id, seq)"
    )
    assert query(within) == [(found["issued"], True)]


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_settings_are_swept(
    point_trial: Callable[..., Outcome], query: Query, framework: str
) -> None:
    sound(point_trial(framework, "tuning", "noop, 2 × 16"))
    concurrency = {"asynctasq": 16, "celery": 1}[framework]
    assert query("SELECT processes, concurrency, prefetch FROM trial") == [(2, concurrency, 32)]


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("how", ["whole", "as id"])
def test_models_are_passed(
    point_trial: Callable[..., Outcome], query: Query, framework: str, how: str
) -> None:
    found = sound(point_trial(framework, "serialization", f"model 1 KiB, passed {how}"))
    pickled = framework == "celery" and how == "whole"
    assert (found["broker_bytes_per_task"] > 1024) or not pickled
    assert query("SELECT count(*) FROM environment WHERE name = 'models_lock'") == [(1,)]


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_plugins_are_loaded(point_trial: Callable[..., Outcome], framework: str) -> None:
    sound(point_trial(framework, "cold_start", "bytecode, 50 plugins"))


@pytest.mark.integration
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_soak_keeps_checkpoints(
    make_arm: Callable[..., Arm], make_bench: Callable[..., Any], query: Query, framework: str
) -> None:
    options = {"minutes": 8, "minute_s": 0.5, "rate": 100}
    bench = make_bench(make_arm(framework), "soak")
    found = sound(run_trial(bench, make_plan(bench, "soak", options=options)))
    assert found["issued"] == 400
    names = "SELECT name, count(*) FROM checkpoint GROUP BY name"
    counts: dict[str, int] = dict(query(names))
    assert counts["completed"] == counts["workers_pss"] == counts["broker_keys"] == 8
    assert query("SELECT sum(value) FROM checkpoint WHERE name = 'completed'")[0][0] > 300
    assert {f"workers_pss_slope{end}" for end in ("_low", "", "_high")} <= set(found)


def interrupted_at(number: int) -> Callable[[Minute], list[Metric]]:
    """``Minute.look``, with Ctrl-C instead of that checkpoint."""
    looks, look = itertools.count(1), Minute.look

    def interrupted(minute: Minute) -> list[Metric]:
        if next(looks) == number:
            raise KeyboardInterrupt
        return look(minute)

    return interrupted


@pytest.mark.integration
def test_a_resumed_soak_does_the_minutes_that_are_missing(
    make_arm: Callable[..., Arm], matrix: Matrix, database: Path, query: Query,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """By the words of the two sessions: ``soak ARM --hours H`` and ``soak --resume EXPERIMENT``."""
    monkeypatch.setattr("harness.experiment.soak.soak.FULL", TINY)
    monkeypatch.setattr("scenarios.soak.MINUTE_S", 0.3)
    arm = make_arm("stub")
    cell = ["--cell", arm.framework, arm.version, arm.python, arm.executable]

    def soak(*words: str) -> int:
        return COMMANDS["soak"].main([*cell, *words, "--db", str(database)], matrix)

    with monkeypatch.context() as ending:
        ending.setattr(Minute, "look", interrupted_at(4))
        with pytest.raises(KeyboardInterrupt):
            soak("stub", "--hours", "0.2", "--rate", "50", "--seed", "7")
    ((experiment,),) = query("SELECT experiment_id FROM experiment")
    assert soak("--resume", experiment) == 0

    assert query(
        "SELECT trial_id, experiment_id, status = 'failed' AND reason = 'interrupted' "
        "FROM trial ORDER BY position"
    ) == [(f"{experiment}-001", experiment, True), (f"{experiment}-002", experiment, False)]
    # 12 minutes in all; each trial numbers its own checkpoints, since its processes are its own.
    assert query(
        "SELECT position, list(DISTINCT number ORDER BY number) "
        "FROM checkpoint JOIN trial USING (trial_id) GROUP BY position ORDER BY position"
    ) == [(1, [1, 2, 3]), (2, [*range(1, 10)])]
    ((issued, once),) = query(
        "SELECT max(value) FILTER (name = 'issued'), max(value) FILTER (name = 'completed_once') "
        "FROM metric JOIN trial USING (trial_id) WHERE position = 2"
    )
    assert issued == once == 9 * 15  # the rate of the first session, 50 a second for 0.3 s each
    slopes_of = "SELECT DISTINCT trial_id[-3:] FROM metric WHERE name = 'sojourn_p50_slope'"
    assert query(slopes_of) == [("002",)]
    with pytest.raises(UsageError, match="all 12 minutes are there"):
        soak("--resume", experiment)


@pytest.mark.integration
def test_the_stock_command_line_tells_no_events(
    make_arm: Callable[..., Arm], make_bench: Callable[..., Any]
) -> None:
    bench = make_bench(make_arm("asynctasq", "default"), "events")
    outcome = run_trial(bench, make_plan(bench, "events", **chosen("events", "on")))
    assert outcome.status == "gap"


# Points whose names would say something else than the stock command line does (profile default).
NOT_STOCK = {
    "asynctasq": {
        "scalability": {"2 workers", "4 workers"},
        "antipatterns": {"computing in threads", *["waiting in processes"] * (CORES > 1)},
        "io_bound": set(),
    },
    "celery": {
        "scalability": {f"{n} worker{'s' if n > 1 else ''}" for n in (1, 2, 4) if n != CORES},
        "antipatterns": {
            "computing in coroutines", "computing in threads", "waiting where tasks wait",
        },
        "io_bound": {"fan-out 1", "fan-out 10"},
    },
}  # fmt: skip


@pytest.mark.integration
@pytest.mark.skipif(os.cpu_count() != CORES, reason="Celery's own number is of all cores")
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_what_the_stock_command_line_has_not_is_a_gap(
    make_arm: Callable[..., Arm], framework: str
) -> None:
    own = {"cpu_bound": {"1 process"} if CORES > 1 else set(), "mixed": set(), "recovery": set()}
    for name, gaps in (NOT_STOCK[framework] | own).items():
        scenario = load_scenario(name)
        described = describe_points(make_arm(framework, "default"), [scenario], FULL)
        found = {
            point.label: described[wanted(name, point.wants)].gap for point in scenario.points(FULL)
        }
        if (framework, name) == ("asynctasq", "recovery"):
            found = {label: gap for label, gap in found.items() if "early" not in label}
        assert {label for label, gap in found.items() if gap} == gaps
        assert all(
            gap.startswith(("the stock command line", "Celery")) for gap in found.values() if gap
        )


@pytest.mark.integration
def test_threads_are_not_processes(make_arm: Callable[..., Arm]) -> None:
    arm, scenario = make_arm("celery", variant="threads"), load_scenario("scalability")
    described = describe_points(arm, [scenario], FULL)
    gaps = {p.label: described[wanted("scalability", p.wants)].gap for p in scenario.points(FULL)}
    assert gaps["4 workers"] == "a threads pool is one process: its processes are 1, not 4"
    assert gaps["1 worker"] == ""


# ── Arithmetic ───────────────────────────────────────────────────────────────────────────────


def test_a_task_done_twice_is_a_duplicate_and_no_other_start() -> None:
    sends, runs = np.zeros(2, SEND_TYPE), np.zeros(3, RUN_TYPE)
    sends["seq"], runs["seq"] = [0, 1], [0, 0, 1]
    runs["start"], runs["end"] = [10, 20, 30], [35, 25, 45]
    assert first_ends(runs).tolist() == [25, 45]
    facts = {f"{name}-{n}": 5.0 for name in ("exec", "ready", "held") for n in (0, 1)}
    run: Any = SimpleNamespace(facts={**facts, "imports": 1.0})
    found = COLD_START.measure(run, COLD_START.points(TINY)[0], Records(sends, runs))
    assert found.void == ["duplicated: 1 of 2 tasks"]


def test_workers_are_ready_when_the_last_of_them_says_so(tmp_path: Path) -> None:
    workers = [SimpleNamespace(pid=7), SimpleNamespace(pid=8)]

    def wait(done: Callable[[], bool], _seconds: float, _what: str) -> None:
        assert not done()
        (tmp_path / "ready-8").write_text("90")
        assert done()

    run: Any = SimpleNamespace(folder=SimpleNamespace(records=tmp_path), workers=workers, wait=wait)
    assert np.isnan(ready_ns(run))  # a framework that says nothing
    (tmp_path / "ready-7").write_text("40")
    assert ready_ns(run) == 90


def test_overtaking_fairness_and_starvation() -> None:
    early, late = np.arange(10.0), np.arange(10.0, 20.0)
    assert overtaking(early, late) == 1
    assert overtaking(late, early) == 0
    assert overtaking(early, early) == 0.5
    assert jain(np.array([5, 5, 5])) == pytest.approx(1)
    assert jain(np.array([9, 0, 0])) == pytest.approx(1 / 3)
    assert longest_gap(np.array([3.0, 4.0, 9.0]), begin=1.0) == 5


def test_recovery_is_the_first_second_at_nine_tenths_of_the_prior_rate() -> None:
    before, after = np.arange(0, 4, 0.01), np.arange(7, 10, 0.01)
    ends = (np.concatenate([before, after]) * SECOND).astype(np.int64)
    assert recovery_s(ends, 4 * SECOND, 100) == pytest.approx(2.9, abs=0.06)
    assert np.isnan(recovery_s(ends[:400], 4 * SECOND, 100))
    assert np.isnan(recovery_s(ends, 4 * SECOND, 0))  # nothing to come back to
    slower = (np.arange(0, 10, 0.02) * SECOND).astype(np.int64)
    assert recovery_s(slower, 4 * SECOND, prior_rate(slower, 4 * SECOND)) == 0


def test_the_prior_rate_is_of_the_last_seconds_before_the_fault() -> None:
    ends = (np.concatenate([np.arange(0, 2, 0.01), np.arange(2, 9, 0.02)]) * SECOND).astype(int)
    assert prior_rate(ends, 4 * SECOND) == pytest.approx(50, abs=1)
    assert prior_rate(ends, 20 * SECOND) == 0


def test_silence_lasts_as_long_as_tasks_were_to_come() -> None:
    ends = np.array([1, 2, 5, 6]) * SECOND
    assert longest_silence_s(ends, 3 * SECOND, 6 * SECOND) == 2
    assert longest_silence_s(ends, 3 * SECOND, 20 * SECOND) == 14  # and then nothing came
    assert longest_silence_s(ends, 8 * SECOND, 30 * SECOND) == 22
    # A gap is not cut in two by the end of the load that falls into it.
    assert longest_silence_s(ends, 2 * SECOND, 4 * SECOND) == 3


@pytest.mark.parametrize("size", [FULL, QUICK, TINY])
def test_a_backlog_is_labelled_by_what_it_is(size: Size) -> None:
    scenario = load_scenario("scalability")
    points = scenario.points(size)
    named = {p.label: p.options["tasks"] for p in points if not p.wants}
    assert named
    assert all(label == f"{tasks:,} tasks" for label, tasks in named.items())
    assert len({p.options["tasks"] for p in points if p.wants}) == 1


def test_every_fault_is_made_with_late_and_early_acks_at_full_size() -> None:
    points = load_scenario("recovery").points(FULL)
    made = {(p.options["fault"], p.wants["acks"]) for p in points}
    assert made == {(fault, acks) for fault in FAULTS for acks in ("late", "early")}
    assert all(("early acks" in p.label) == (p.wants["acks"] == "early") for p in points)


def test_queues_get_equal_parts_in_random_order() -> None:
    queues = shuffled(300, np.random.default_rng(1))["queue"]
    assert np.bincount(queues).tolist() == [100, 100, 100]
    assert queues[:3].tolist() != queues[3:6].tolist() or queues[:9].tolist() != [0, 1, 2] * 3


def test_a_retry_is_late_from_the_end_of_its_failure_and_back_off() -> None:
    second = 1_000_000_000
    runs = np.zeros(4, RUN_TYPE)
    runs["seq"], runs["outcome"] = [0, 0, 0, 1], [1, 1, 0, 0]
    runs["start"] = [0, 1.5 * second, 4 * second, 0]
    runs["end"] = [0.2 * second, 1.6 * second, 4.1 * second, 1]
    late = late_retries(Records(np.zeros(0, SEND_TYPE), runs))
    assert (late / second).round(3).tolist() == [0.3, 0.4]


def test_an_order_is_a_task_from_its_first_to_its_last_step() -> None:
    sends, runs = np.zeros(8, SEND_TYPE), np.zeros(9, RUN_TYPE)
    sends["seq"], sends["intended"] = np.arange(8), np.arange(8) * 10
    runs["seq"] = [0, 1, 1, 2, 3, 4, 5, 6, 6]
    runs["outcome"] = [0, 1, 0, 0, 0, 0, 0, 0, 0]  # the charge of order 0 was refused once
    runs["start"], runs["end"] = np.arange(9) * 100, np.arange(9) * 100 + 50
    whole = as_tasks(Records(sends, runs))
    assert whole.sends["seq"].tolist() == [0, 1]
    assert whole.sends["intended"].tolist() == [0, 40]
    # Order 1 never came to its last step.
    assert [(r["seq"], r["start"], r["end"]) for r in whole.runs] == [(0, 0, 450)]


def test_delivery_is_from_the_stamp_that_an_event_is_about() -> None:
    runs = np.zeros(2, RUN_TYPE)
    runs["seq"], runs["start"], runs["end"] = [3, 5], [100, 200], [150, 250]
    heard = Heard(np.array([3, 3, 5, 9]), np.array([0, 1, 1, 0]), np.array([110, 170, 300, 1]), 0)
    assert delivery(heard, runs).tolist() == [10, 20, 50]  # nobody knows of a task 9


def test_slopes_are_by_the_hour_and_leave_the_first_minute_out() -> None:
    checkpoints = [{"sojourn_p50": 99.0}] + [{"sojourn_p50": 5.0 + n / 60} for n in range(10)]
    found = {m.name: m for m in slopes(checkpoints, 60.0)}
    assert found["sojourn_p50_slope"].value == pytest.approx(1.0)
    assert found["sojourn_p50_slope"].unit == "ms/h"
    assert set(found) == {f"sojourn_p50_slope{end}" for end in ("", "_low", "_high")}
    assert slopes(checkpoints[:6], 60.0) == []


def test_a_task_done_twice_has_no_early_retry() -> None:
    second = 1_000_000_000
    runs = np.zeros(7, RUN_TYPE)
    runs["seq"], runs["outcome"] = [0, 0, 0, 0, 1, 1, 1], [1, 1, 0, 0, 1, 1, 0]
    runs["start"] = np.array([0, 1.1, 3.2, 3.3, 0, 1.1, 3.3]) * second
    runs["end"] = runs["start"]
    late = late_retries(Records(np.zeros(0, SEND_TYPE), runs))
    assert (late / second).round(3).tolist() == [0.1, 0.2]  # those of task 1
