"""A run that went well, with the records of it."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np

from harness.measure.layouts import RUN_TYPE, SEND_TYPE
from harness.measure.sampler import Usage
from harness.measure.window import Counters, Window
from harness.scenario.partner import ALONE
from harness.scenario.run import Run
from tasks.records import PHASE_SHIFT, PHASES, RUN_SUFFIX, SEND_SUFFIX

TASKS = 10_000  # p999 wants as many
STEP_NS = 1_000_000
ROLES = ("producer", "workers", "broker", "api", "web", "listener", "network")


def write_records(folder: Path) -> None:
    """An even stream of tasks that each take a while, as warm-up and as load."""
    at = np.arange(1, TASKS + 1) * STEP_NS
    sends, runs = np.zeros(2 * TASKS, SEND_TYPE), np.zeros(2 * TASKS, RUN_TYPE)
    phases = [PHASES.index("warmup"), PHASES.index("load")]
    seq = np.concatenate([(p << PHASE_SHIFT) + np.arange(TASKS) for p in phases])
    for array, stamps in (
        (sends, {"intended": 0, "send": 10, "ack": 20}),
        (runs, {"start": 30, "end": 40}),
    ):
        array["seq"], array["pid"] = seq, 1
        for name, later in stamps.items():
            array[name] = np.concatenate([at, at]) + later
    sends.tofile(folder / f"1{SEND_SUFFIX}")
    runs.tofile(folder / f"2{RUN_SUFFIX}")


def finished_run(folder: Path) -> Run:
    """What a scenario reads of a run that went well."""
    write_records(folder)
    end = TASKS * STEP_NS
    samples = [Usage(at, role, 1, at / 1e9, 1, 1) for at in (0, end) for role in ROLES]
    window = Window(
        before={u.role: u for u in samples if u.at_ns == 0},
        begun=Counters(),
        after={u.role: u for u in samples if u.at_ns == end},
        counted=Counters({"lpush": TASKS}, traffic=TASKS, wal=TASKS),
    )
    run = SimpleNamespace(
        folder=SimpleNamespace(records=folder),
        windows={"load": window, "enqueue": window},
        gate=SimpleNamespace(opened_ns=0),
        marks={"opened": 0},
        producers=SimpleNamespace(calls={}),
        turns={},
        harmed=[],
        partner=ALONE,
        stretches={},
        unheld="",
        idle=dict.fromkeys(ROLES, 0.0),
        sampler=SimpleNamespace(usages=samples),
        warmup_send_s=1.0,
        topology=SimpleNamespace(slots=2),
    )
    return cast("Run", run)
