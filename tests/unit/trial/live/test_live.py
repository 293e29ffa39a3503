"""What a scrape is answered: true to the records, by Prometheus's conventions."""

import math
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from harness.measure.sampler import Sampler
from harness.trial.live.totals import FRESH_S
from harness.trial.plan import UNWATCHED
from harness.trial.watch import watching
from infrastructure.service import Depth
from tasks.records import RUN_SUFFIX, SEND_SUFFIX
from tests.scraped import Scraped, in_progress, runs, sends


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


GAUGES = (
    "bench_pss_bytes",
    "bench_processes",
    "bench_queue_depth",
    "bench_trial_info",
    "bench_trial_progress_ratio",
)


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
            3,
            2,
            1,
        ]
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
        "bench_tasks",
        "bench_trials",
        "bench_cpu_seconds",
        "bench_sojourn_seconds",
        *GAUGES,
        "bench_time_left_seconds",
    }
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
    twin = replace(scraped.setup, number=2)
    arms = {scraped.live._key(setup, scraped.plan)[0] for setup in (scraped.setup, twin)}
    assert len(arms) == 2
    assert scraped.live._key(twin, scraped.plan)[0].endswith("matched (2)")


def test_nobody_looks_without_a_port() -> None:
    with watching(None) as watch:
        assert watch is UNWATCHED
