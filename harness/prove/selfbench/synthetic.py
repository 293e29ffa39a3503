"""A trial that nobody ran: what the store and the report have to cope with."""

from datetime import UTC, datetime

import numpy as np

from harness.machine import environment
from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.records import Records
from harness.store.rows import Row
from harness.store.vocabulary import Purpose, Status
from infrastructure.processes.role import Role

DEPTH_EVERY_NS, USAGE_EVERY_NS = 200_000_000, 500_000_000


def synthetic_records(count: int, seed: int) -> Records:
    """An M/D/2-like stream of ``count`` tasks."""
    rng = np.random.default_rng(seed)
    sends, runs = np.zeros(count, SEND_TYPE), np.zeros(count, RUN_TYPE)
    sends["seq"] = runs["seq"] = np.arange(count)
    sends["intended"] = np.cumsum(rng.exponential(1e6, count)).astype(np.int64)
    sends["send"] = sends["intended"] + 50_000
    sends["ack"] = sends["send"] + 200_000
    runs["start"] = sends["ack"] + rng.exponential(1e6, count).astype(np.int64)
    runs["end"] = runs["start"] + 1_000
    runs["pid"] = 1 + np.arange(count) % 2
    return Records(sends, runs)


def synthetic_samples(trial_id: str, end_ns: int) -> dict[str, list[Row]]:
    """Samples of depth and resources over the stream, as often as a trial takes them."""
    depth = [
        {"trial_id": trial_id, "at_ns": at, "pending": at % 7, "in_flight": 2, "delayed": 0}
        for at in range(0, end_ns, DEPTH_EVERY_NS)
    ]
    used = {"trial_id": trial_id, "processes": 2, "pss_bytes": 1 << 26, "rss_bytes": 1 << 27}
    resources = [
        {**used, "at_ns": at, "role": role, "cpu_s": at / 2e9}
        for role in (Role.PRODUCER, Role.WORKERS, Role.BROKER)
        for at in range(0, end_ns, USAGE_EVERY_NS)
    ]
    return {"depth_sample": depth, "resource_sample": resources}


def synthetic_row(experiment_id: str, trial_id: str, scenario: str) -> Row:
    """A trial row for figures that no broker and no framework took part in."""
    return {
        "trial_id": trial_id,
        "experiment_id": experiment_id,
        "block": 1,
        "position": 1,
        "arm_number": 1,
        "variant": "",
        "scenario": scenario,
        "point": "",
        "point_number": 1,
        "framework": "stub",
        "framework_version": "1.0",
        "python_version": environment.machine()["host_python"],
        "broker": "stub",
        "provider": "embedded",
        "topology_profile": "matched",
        "purpose": Purpose.MEASURE,
        "seed": 0,
        "workload_hash": "none",
        "lock_hash": "none",
        "status": Status.OK,
        "reason": None,
        "started_at": datetime.now(UTC).isoformat(),
    }
