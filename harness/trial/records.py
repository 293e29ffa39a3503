"""From a trial's record files to tables: every attempt of every task, and what was heard of it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from harness.measure.heard import Heard, heard_events
from harness.measure.layouts import Array
from harness.measure.records import Records
from harness.measure.web import enqueues
from harness.store.rows import Row
from infrastructure.processes.folder import CHECKPOINTS
from tasks.records import EVENTS, KINDS, OUTCOMES


def labels(indices: Array, names: Sequence[str]) -> pa.Array:
    return pa.array(names).take(pa.array(indices.astype(np.int64)))


def attempts(runs: Array) -> Array:
    """1, 2, … within each sequence number (runs are sorted by seq, then start)."""
    seq = runs["seq"]
    if not len(seq):
        return np.empty(0, dtype=np.int32)
    first = np.searchsorted(seq, seq, side="left")
    return (np.arange(len(seq)) - first + 1).astype(np.int32)


def record_table(trial_id: str, records: Records) -> pa.Table:
    """task_record rows: every attempt beside its send, and a row for each task without any."""
    sends, runs = records.sends, records.runs
    # Both are in order of seq, and every seq is sent once: a tenth of setdiff1d's time.
    first, after = (np.searchsorted(runs["seq"], sends["seq"], side) for side in ("left", "right"))
    never = first == after
    lost = sends["seq"][never]
    seq = np.concatenate([runs["seq"], lost])
    attempt = np.concatenate([attempts(runs), np.zeros(len(lost), dtype=np.int32)])
    ran = attempt > 0
    if len(sends):
        place = np.minimum(np.searchsorted(sends["seq"], seq), len(sends) - 1)
        known = sends["seq"][place] == seq
    else:
        place, known = np.zeros(len(seq), dtype=np.int64), np.zeros(len(seq), dtype=bool)

    def of_send(name: str) -> pa.Array:
        values = sends[name][place] if len(sends) else np.zeros(len(seq), dtype=np.int64)
        return pa.array(values, mask=~known)

    def of_run(name: str) -> pa.Array:
        padding = np.zeros(len(lost), dtype=runs.dtype[name])
        return pa.array(np.concatenate([runs[name], padding]).astype(np.int64), mask=~ran)

    kinds = np.concatenate([runs["kind"], sends["kind"][never]])
    names = [*OUTCOMES, "lost", "refused", "unknown"]
    raised = sends["outcome"][never] != 0
    fate = np.where(raised, names.index("refused"), names.index("lost")).astype("u2")
    outcome = np.concatenate([runs["outcome"], fate])
    outcome = np.where(known, outcome, names.index("unknown"))
    return pa.table(
        {
            "trial_id": pa.repeat(trial_id, len(seq)),
            "seq": seq,
            "attempt": attempt,
            "kind": labels(kinds, KINDS),
            "intended_ns": of_send("intended"),
            "send_ns": of_send("send"),
            "ack_ns": of_send("ack"),
            "start_ns": of_run("start"),
            "end_ns": of_run("end"),
            "worker_pid": of_run("pid"),
            "outcome": labels(outcome, names),
        }
    )


def warmup_table(trial_id: str, phases: Mapping[str, Records]) -> pa.Table:
    tables = []
    for phase, records in phases.items():
        table = record_table(trial_id, records)
        tables.append(table.append_column("phase", pa.repeat(phase, table.num_rows)))
    return pa.concat_tables(tables)


def event_table(trial_id: str, heard: Heard) -> pa.Table:
    """Events of load tasks as they were heard."""
    return pa.table(
        {
            "trial_id": pa.repeat(trial_id, len(heard.seq)),
            "seq": heard.seq,
            "event": labels(heard.event, EVENTS),
            "heard_ns": heard.at,
        }
    )


def request_table(trial_id: str, calls: Array) -> pa.Table:
    """The framework's calls within requests of a web application."""
    return pa.table(
        {
            "trial_id": pa.repeat(trial_id, len(calls)),
            "seq": calls["seq"],
            "send_ns": calls["send"],
            "ack_ns": calls["ack"],
        }
    )


def checkpoint_rows(trial_id: str, folder: Path) -> list[Row]:
    """What a trial had kept while it ran; a line that a killed harness was writing is left out."""
    path = folder / CHECKPOINTS
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return [{"trial_id": trial_id, **json.loads(x)} for x in lines if x.endswith("\n")]


def recorded_tables(
    trial_id: str, folder: Path, phases: Mapping[str, Records]
) -> dict[str, "list[Row] | pa.Table"]:
    """Everything that stands in a trial's folder as records, whoever asks: the trial or, when its
    harness was killed, the clean-up. ``phases``: the folder's, already read.
    """
    records = folder / "records"
    before = {phase: found for phase, found in phases.items() if phase != "load"}
    return {
        "task_record": record_table(trial_id, phases["load"]),
        "warmup_record": warmup_table(trial_id, before),
        "event_record": event_table(trial_id, heard_events(records)),
        "request_record": request_table(trial_id, enqueues(records)),
        "checkpoint": checkpoint_rows(trial_id, folder),
    }
